import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import type { Logger } from "../log/logger.js";

/** What an export's result is when it went well; `ExportResultCode.SUCCESS`. */
const SUCCESS = 0;

/**
 * An exporter that says once in the log that spans cannot be sent, and once that they can be again: a collector that is down must
 * not fill Grafana's log, nor fail a call.
 */
export function reportedExporter(exporter: SpanExporter, address: string, log: Logger): SpanExporter {
  let failing = false;
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      exporter.export(spans, (result) => {
        const fails = result.code !== SUCCESS;
        if (fails && !failing) {
          log.warn("traces cannot be sent; this is said once", { address, error: result.error });
        } else if (!fails && failing) {
          log.info("traces can be sent again", { address });
        }
        failing = fails;
        // The span processor would report a failure in its own way.
        done({ code: SUCCESS });
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
