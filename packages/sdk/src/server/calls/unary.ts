import type { GrpcMethod } from "@framewright/protocol";
import type { CallContext } from "../../call-context.js";
import type { ServerCall } from "../grpc/server-call.js";
import { status } from "../grpc/status.js";
import { type ObservedRpc, observeCalls } from "./observe-calls.js";
import { beginCall, type CallEnvironment, ENDING, failedStatus, logFailedCall } from "./running-call.js";
import { runInScope } from "./work-scope.js";

/** Answers a call with one message. */
export type AnswerUnary<Req> = (call: ServerCall, request: Req) => void;

/**
 * Has calls answered by an async function. What it throws, and what nobody catches in the work that it began, becomes
 * the call's status; the process lives on. The answer is encoded here, so that one that does not fit is reported.
 */
export function unary<Req, Res>(
  method: GrpcMethod<Req, Res>,
  handle: (request: Req, context: CallContext) => Promise<Res>,
  environment: CallEnvironment,
  rpc: ObservedRpc<Req, Res>,
): AnswerUnary<Req> {
  const observe = observeCalls(rpc, environment.requestLog ?? false);
  return (call, request) => {
    if (environment.inFlight.ending) {
      call.end(ENDING);
      return;
    }
    const observed = observe(request, call.headers);
    const running = beginCall(call, environment, observed);
    const { context } = running;
    runInScope(context, () => observed.run(() => handle(request, context)), observed.record)
      .then((response) => {
        const message = method.responseParts(response);
        observed.answered(response);
        return message;
      })
      .then(
        (message) => {
          if (running.answer(status.OK)) {
            call.write(message);
            call.end();
          }
        },
        (error: unknown) => {
          logFailedCall(context, error);
          const failed = failedStatus(error);
          if (running.answer(failed.code, error)) {
            call.end(failed);
          }
        },
      );
  };
}
