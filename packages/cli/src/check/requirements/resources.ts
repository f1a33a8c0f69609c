import { toWireContext } from "@framewright/host";
import {
  CallResourceRequest,
  CheckHealthRequest,
  CollectMetricsRequest,
  DiagnosticsService,
  ResourceService,
} from "@framewright/host/wire";
import type { CheckContext } from "../check-context.js";
import { quote } from "../launched-plugin.js";
import { type Outcome, outcome } from "../outcome.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, NotApplicable, passed } from "../verdict.js";

/** How long an answer may take, in ms. */
const ANSWER_MS = 8_000;

/** A line of Prometheus' text format: a comment, or a name, labels, a value and perhaps a time. */
const METRIC = /^(#.*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? \S+( -?\d+)?|)$/;

/** Health, metrics and HTTP resources. */
export const resources: RequirementGroup = {
  name: "Diagnostics and resources",
  requirements: [
    {
      id: "R1",
      title: "A health check is answered with OK, ERROR or UNKNOWN, and JSON as its details",
      source: sources.pluginv2,
      async run(context) {
        const { rpc } = await context.session();
        const request = CheckHealthRequest.fromPartial(withContext(context));
        const { status, jsonDetails } = served(
          await outcome(rpc.unary(DiagnosticsService.checkHealth, request, { timeoutMs: ANSWER_MS })),
        );
        if (status > 2) return failed("status 0, 1 or 2", `status ${status}`);
        if (jsonDetails.length > 0) JSON.parse(new TextDecoder().decode(jsonDetails));
        return passed(["UNKNOWN", "OK", "ERROR"][status]);
      },
    },
    {
      id: "R2",
      title: "Metrics come in Prometheus' text format",
      source: sources.prometheus,
      async run(context) {
        const { rpc } = await context.session();
        const request = CollectMetricsRequest.fromPartial(withContext(context));
        const { metrics } = served(
          await outcome(rpc.unary(DiagnosticsService.collectMetrics, request, { timeoutMs: ANSWER_MS })),
        );
        const lines = new TextDecoder().decode(metrics?.prometheus).split("\n");
        const other = lines.find((line) => !METRIC.test(line));
        return other === undefined ? passed(`${lines.length} lines`) : failed("a metric", quote(other));
      },
    },
    {
      id: "R3",
      title: "A resource that is not there is answered with an HTTP status",
      source: sources.pluginv2,
      async run(context) {
        const { rpc } = await context.session();
        const url = "framewright-check";
        const request = CallResourceRequest.fromPartial({ ...withContext(context), path: url, url, method: "GET" });
        async function first() {
          for await (const message of rpc.serverStream(ResourceService.callResource, request, {
            timeoutMs: ANSWER_MS,
          })) {
            return message;
          }
          return undefined;
        }
        const answer = served(await outcome(first()));
        if (answer === undefined) return failed("at least one message", "none");
        const { code } = answer;
        return code >= 100 && code <= 599 ? passed(`status ${code}`) : failed("a status from 100 to 599", `${code}`);
      },
    },
  ],
};

function withContext({ target }: CheckContext) {
  return { pluginContext: toWireContext(target.context) };
}

function served<T>(answer: Outcome<T>): T {
  if (answer.ok) return answer.value;
  if (answer.code === "UNIMPLEMENTED") throw new NotApplicable("it is not served");
  throw new Error(answer.details);
}
