import type { CallResourceRequest, CallResourceResponse } from "@framewright/protocol";
import type { InstanceContext } from "../call-context.js";
import { readRequestHeaders } from "../calls/forwarded-headers.js";
import { unlessAborted } from "../calls/in-time.js";
import { errorAnswer, PluginError } from "../errors.js";
import type { Handlers } from "../handlers.js";
import type { InstanceCall, InstanceCalls } from "../instances/instance-calls.js";
import { noteFailure } from "../server/calls/work-scope.js";
import { describeValue } from "../validation/describe-value.js";
import { toWebRequest } from "./web-request.js";
import { fromWebResponse } from "./web-response.js";

/** Answers the frontend's resource requests, as any Web handler does; the `fetch` of a Hono app fits. */
export type ResourceHandler<Instance> = (
  request: Request,
  context: InstanceContext<Instance>,
) => Response | Promise<Response>;

/** The RPC that carries HTTP requests of the frontend. What a handler throws is answered as JSON with the error's status. */
export function resourceHandler<Instance>(
  calls: InstanceCalls<Instance>,
  resources: ResourceHandler<Instance>,
): Required<Pick<Handlers, "callResource">> {
  return {
    async *callResource(request, context) {
      const call = calls.begin("callResource", context, request.pluginContext, () =>
        readRequestHeaders(request.headers),
      );
      let sent = false;
      try {
        // The instance stays in use until the last chunk of the body is sent.
        for await (const message of fromWebResponse(await answer(call, request, resources), call.callSignal)) {
          yield message;
          sent = true;
        }
      } catch (error) {
        if (sent) {
          throw error;
        }
        call.logFailure("resource call failed", error);
        yield* errorResponse(call, error);
      } finally {
        call.end();
      }
    },
  };
}

async function answer<Instance>(
  call: InstanceCall<Instance>,
  request: CallResourceRequest,
  resources: ResourceHandler<Instance>,
): Promise<Response> {
  const { log, signal } = call.context;
  const handle = async (): Promise<Response> => {
    const context = await call.instanceContext();
    return resources(toWebRequest(request, context.headers, signal), context);
  };
  const response: unknown = await unlessAborted(signal, () => call.run(log, handle));
  if (!isResponse(response)) {
    throw new PluginError(`resources must return a Response, not ${describeValue(response)}`);
  }
  return response;
}

function errorResponse<Instance>(call: InstanceCall<Instance>, error: unknown): AsyncGenerator<CallResourceResponse> {
  const failure = errorAnswer(error, call.userFacingDefault);
  noteFailure(failure);
  const { message, status } = failure;
  return fromWebResponse(Response.json({ message }, { status }), call.callSignal);
}

/** A library may bring a Response class of its own. */
function isResponse(value: unknown): value is Response {
  return (
    typeof value === "object" && value !== null && "status" in value && "headers" in value && "arrayBuffer" in value
  );
}
