import { defineApp } from "@framewright/sdk";
import * as v from "valibot";

let opened = 0;

/** The part of the probe that is an app: its health says which instance answers. */
export const app = defineApp({
  pluginId: "framewright-sdkprobe-datasource",
  schema: {
    settings: v.object({ label: v.optional(v.string(), "app") }),
    secrets: v.object({ key: v.optional(v.string(), "none") }),
  },
  open: ({ settings, secrets, orgId }) => ({
    label: `${settings.label} ${secrets.key.length} of ${orgId}, opened as ${++opened}`,
    dispose: () => console.info(`disposed app of ${orgId}`),
  }),
  checkHealth: ({ instance }) => ({ status: "ok", message: instance.label }),
});
