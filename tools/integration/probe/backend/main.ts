// A plugin for the tests: it has every service, and misbehaves on request.
import { definePlugin, serve } from "@framewright/sdk";
import { convertObjects, mutateAdmission, validateAdmission } from "./admission.js";
import { queryChunkedData } from "./chunks.js";
import { dataSource } from "./data-source.js";
import { callResource } from "./resources.js";
import { publishStream, runStream, subscribeStream } from "./streams.js";

console.log("printed while the module loads");
process.stdout.write("written while the module loads\n");

const { PROBE_MAX_RECEIVED_BYTES } = process.env;

await serve(
  definePlugin({
    pluginId: dataSource.pluginId,
    handlers: {
      ...dataSource.handlers,
      callResource,
      queryChunkedData,
      subscribeStream,
      publishStream,
      runStream,
      validateAdmission,
      mutateAdmission,
      convertObjects,
    },
    dispose: () => dataSource.dispose(),
  }),
  PROBE_MAX_RECEIVED_BYTES === undefined ? {} : { maxReceivedBytes: Number(PROBE_MAX_RECEIVED_BYTES) },
);
