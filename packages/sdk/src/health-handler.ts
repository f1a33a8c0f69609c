import { CheckHealthResponse, CheckHealthResponse_HealthStatus } from "@framewright/protocol";
import type { InstanceContext } from "./call-context.js";
import { readForwardedHeaders } from "./calls/forwarded-headers.js";
import { unlessAborted } from "./calls/in-time.js";
import { errorAnswer, PluginError } from "./errors.js";
import type { Handlers } from "./handlers.js";
import type { HealthResult } from "./health-result.js";
import type { InstanceCalls } from "./instances/instance-calls.js";
import { redact, withoutKnownSecrets } from "./secrets/known-secrets.js";
import { noteFailure } from "./server/calls/work-scope.js";
import { describeValue } from "./validation/describe-value.js";

const { OK, ERROR, UNKNOWN } = CheckHealthResponse_HealthStatus;
const statuses = new Map<unknown, CheckHealthResponse_HealthStatus>([
  ["ok", OK],
  ["error", ERROR],
  ["unknown", UNKNOWN],
]);

/** The RPC behind "Save & test". Whatever goes wrong is what the button shows. */
export function healthHandler<Instance>(
  calls: InstanceCalls<Instance>,
  checkHealth: ((context: InstanceContext<Instance>) => HealthResult | Promise<HealthResult>) | undefined,
): Required<Pick<Handlers, "checkHealth">> {
  return {
    async checkHealth(request, context) {
      const call = calls.begin("checkHealth", context, request.pluginContext, () =>
        readForwardedHeaders(request.headers),
      );
      try {
        const check = async (): Promise<HealthResult> => {
          const instanceContext = await call.instanceContext();
          return checkHealth === undefined
            ? { status: "ok", message: "The settings are valid." }
            : checkHealth(instanceContext);
        };
        return healthResponse(await unlessAborted(call.context.signal, () => call.run(call.context.log, check)));
      } catch (error) {
        call.logFailure("health check failed", error);
        const failure = errorAnswer(error, call.userFacingDefault);
        noteFailure(failure);
        return healthResponse({ status: "error", message: failure.message });
      } finally {
        call.end();
      }
    },
  };
}

function healthResponse(result: HealthResult): CheckHealthResponse {
  const status = typeof result === "object" && result !== null ? statuses.get(result.status) : undefined;
  if (status === undefined || typeof result.message !== "string") {
    throw new PluginError(
      `checkHealth must return { status: "ok" | "error" | "unknown", message }, not ${describeValue(result)}`,
    );
  }
  const { message, details } = result;
  const json = details === undefined ? "" : JSON.stringify(withoutKnownSecrets(details));
  return CheckHealthResponse.fromPartial({
    status,
    message: redact(message),
    jsonDetails: new TextEncoder().encode(json),
  });
}
