import type { MethodDefinition } from "@grpc/grpc-js";
import type { CallContext } from "../../call-context.js";
import {
  beginCall,
  type CallEnvironment,
  type CallStatus,
  ENDING,
  failedStatus,
  logFailedCall,
  type ServerCall,
} from "./running-call.js";
import { runInScope } from "./work-scope.js";

/** A grpc-js handler of a call with one answer, as far as one is needed. */
export type AnswerUnary<Req> = (
  call: ServerCall & { readonly request: Req },
  callback: (status: CallStatus | null, bytes?: Buffer) => void,
) => void;

/**
 * Makes a grpc-js handler of an async function. What it throws, and what nobody catches in the work that it began, becomes
 * the call's status; the process lives on. The answer is encoded here, so that one that does not fit is reported.
 */
export function unary<Req, Res>(
  method: MethodDefinition<Req, Res>,
  handle: (request: Req, context: CallContext) => Promise<Res>,
  environment: CallEnvironment,
): AnswerUnary<Req> {
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
