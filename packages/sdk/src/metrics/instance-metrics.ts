import { exposeMetrics } from "./exposed-metrics.js";
import { counter, gauge } from "./metric-family.js";

// The Go SDK's backend/instancemgmt and backend/datasource.
const active = gauge({ name: "plugins_active_instances", help: "The number of active plugin instances" });
const created = counter({
  name: "plugins_datasource_instances_total",
  help: "The total number of data source instances created",
});
exposeMetrics(() => [active, created]);

/** Instances that were opened and are not disposed yet. */
export const activeInstances = active.at();

/** Data source instances that were opened, or failed to be. */
export const createdDataSourceInstances = created.at();
