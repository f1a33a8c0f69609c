import type { handleUnaryCall, MethodDefinition } from "@grpc/grpc-js";
import type { CallContext } from "../../call-context.js";
import { beginCall, type CallEnvironment, ENDING, failedStatus, logFailedCall } from "./running-call.js";
import { runInScope } from "./work-scope.js";

/**
 * Makes a grpc-js handler of an async function. What it throws, and what nobody catches in the work that it began, becomes
 * the call's status; the process lives on. The answer is encoded here, so that one that does not fit is reported.
 */
export function unary<Req, Res>(
  method: MethodDefinition<Req, Res>,
  handle: (request: Req, context: CallContext) => Promise<Res>,
  environment: CallEnvironment,
): handleUnaryCall<Req, Buffer> {
  return (call, callback) => {
    if (environment.inFlight.ending) {
      callback(ENDING);
      return;
    }
    const running = beginCall(call, environment, callback);
    const { context } = running;
    runInScope(context, () => handle(call.request, context))
      .then((response) => method.responseSerialize(response))
      .then(
        (bytes) => {
          if (running.answer()) {
            callback(null, bytes);
          }
        },
        (error: unknown) => {
          logFailedCall(context, error);
          if (running.answer()) {
            callback(failedStatus(error));
          }
        },
      );
  };
}
