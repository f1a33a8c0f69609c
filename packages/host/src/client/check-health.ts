import { CheckHealthRequest, type CheckHealthResponse, CheckHealthResponse_HealthStatus } from "@framewright/protocol";
import { type PluginContextInput, toWireContext } from "./plugin-context.js";

/** What "Save & test" would show. */
export interface HealthResult {
  /** Whether all is well, as the plugin says. */
  readonly status: "ok" | "error" | "unknown";
  /** What the button shows. */
  readonly message: string;
  /** Whatever else the plugin sent, parsed; `undefined` when it sent nothing. */
  readonly details: unknown;
}

/** Writes the request message. */
export function toCheckHealthRequest(context: PluginContextInput): CheckHealthRequest {
  return CheckHealthRequest.fromPartial({ pluginContext: toWireContext(context) });
}

/**
 * Reads the answer.
 *
 * @throws SyntaxError when the plugin's details are not JSON
 */
export function fromCheckHealthResponse(response: CheckHealthResponse): HealthResult {
  const { OK, ERROR } = CheckHealthResponse_HealthStatus;
  const { status, message, jsonDetails } = response;
  return {
    status: status === OK ? "ok" : status === ERROR ? "error" : "unknown",
    message,
    details: jsonDetails.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(jsonDetails)),
  };
}
