import type { GrpcMethod } from "@framewright/protocol";
import type { CallContext } from "../../call-context.js";
import type { MessageParts, ServerCall } from "../grpc/server-call.js";
import { status } from "../grpc/status.js";
import { type ObservedRpc, observeCalls } from "./observe-calls.js";
import { beginCall, type CallEnvironment, ENDING, failedStatus, logFailedCall } from "./running-call.js";
import { runInScope } from "./work-scope.js";

/** Answers a call with messages that come one after the other. */
export type AnswerStream<Req> = (call: ServerCall, request: Req) => void;

/** How many bytes may wait for the host to take them before the next message is asked for. */
const MAX_WAITING_BYTES = 256 * 1024;

/** What a message counts beside its bytes: small ones take memory and time too, and other calls want their turn. */
const MESSAGE_OVERHEAD = 1024;

/**
 * Has calls answered by a function that returns an async iterable. The iterable is asked for its next message when the
 * host has taken the last ones, and is closed when the call is cancelled. What it throws, and what nobody catches in the
 * work that it began, becomes the call's status.
 */
export function serverStream<Req, Res>(
  method: GrpcMethod<Req, Res>,
  handle: (request: Req, context: CallContext) => AsyncIterable<Res>,
  environment: CallEnvironment,
  rpc: ObservedRpc<Req, Res>,
): AnswerStream<Req> {
  const observe = observeCalls(rpc, environment.requestLog ?? false);
  return (call, request) => {
    if (environment.inFlight.ending) {
      call.end(ENDING);
      return;
    }
    const observed = observe(request, call.headers);
    const running = beginCall(call, environment, observed);
    const { context } = running;
    const serialize = (message: Res): MessageParts => {
      const parts = method.responseParts(message);
      observed.answered(message);
      return parts;
    };
    runInScope(
      context,
      () => observed.run(() => pump(call, handle(request, context), serialize, context)),
      observed.record,
    ).then(
      () => {
        if (running.answer(status.OK)) {
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

/** Sends each message as there is room for it. Settles when the messages end or fail, and when the call is over. */
async function pump<Res>(
  call: ServerCall,
  messages: AsyncIterable<Res>,
  serialize: (message: Res) => MessageParts,
  context: CallContext,
): Promise<void> {
  const { signal } = context;
  const iterator = messages[Symbol.asyncIterator]();
  // One listener for the whole stream: one for each message would pile up on a signal that lives as long as the stream.
  let onAbort = (): void => {};
  signal.addEventListener("abort", () => onAbort(), { once: true });
  const unlessAborted = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      onAbort = () => reject(signal.reason);
      promise.then(resolve, reject);
    });

  let waiting = 0;
  let onRoom = (): void => {};
  try {
    while (true) {
      signal.throwIfAborted();
      const result = await unlessAborted(iterator.next());
      if (result.done === true) {
        return;
      }
      const message = serialize(result.value);
      const weight = message.reduce((sum, { length }) => sum + length, MESSAGE_OVERHEAD);
      waiting += weight;
      call.write(message, () => {
        waiting -= weight;
        if (waiting <= MAX_WAITING_BYTES) {
          onRoom();
        }
      });
      if (waiting > MAX_WAITING_BYTES) {
        await unlessAborted(new Promise<void>((resolve) => (onRoom = resolve)));
      }
    }
  } catch (error) {
    // Not waited for: an iterable that is busy closes when it is asked for its next message in vain.
    Promise.resolve(iterator.return?.()).catch((closing: unknown) =>
      context.log.debug("a stream failed to close", { error: closing }),
    );
    throw error;
  }
}
