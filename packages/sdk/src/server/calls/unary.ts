import { type MethodDefinition, status } from "@grpc/grpc-js";
import type { CallContext } from "../../call-context.js";
import { afterLargeStep } from "../../calls/after-large-step.js";
import { type ObservedRpc, observeCalls } from "./observe-calls.js";
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
  rpc: ObservedRpc<Req, Res>,
): AnswerUnary<Req> {
  const observe = observeCalls(rpc, environment.requestLog ?? false);
  return (call, callback) => {
    if (environment.inFlight.ending) {
      callback(ENDING);
      return;
    }
    const observed = observe(call.request, call.metadata);
    const running = beginCall(call, environment, observed, callback);
    const { context } = running;
    runInScope(context, () => observed.run(() => handle(call.request, context)), observed.record)
      .then(async (response) => {
        const bytes = method.responseSerialize(response);
        observed.answered(response);
        await afterLargeStep(bytes.length);
        return bytes;
      })
      .then(
        (bytes) => {
          if (running.answer(status.OK)) {
            callback(null, bytes);
          }
        },
        (error: unknown) => {
          logFailedCall(context, error);
          const failed = failedStatus(error);
          if (running.answer(failed.code, error)) {
            callback(failed);
          }
        },
      );
  };
}
