import type { Macros } from "./macro.js";

/** What Grafana replaces in dashboards, before a query is sent. Source: "Global variables" in Grafana's documentation. */
const dashboardVariables =
  /^(?:from|to|range|range_s|range_ms|rate_interval|rate_interval_ms|dashboard|name|org|user|searchFilter|timezone)$/;

/** What to tell someone who wrote a macro that does not exist. */
export function unknownMacro(name: string, macros: Macros): string {
  const known = Object.keys(macros);
  const lower = name.toLowerCase();
  const near = known.find((other) => other.toLowerCase() === lower);
  if (near !== undefined) {
    return `there is no such macro, but there is $__${near}`;
  }
  const problem = dashboardVariables.test(name)
    ? "is a variable that Grafana replaces in dashboards only, and no macro"
    : "there is no such macro";
  const list = known.map((other) => `$__${other}`).sort();
  return `${problem}. There are ${list.join(", ")}`;
}
