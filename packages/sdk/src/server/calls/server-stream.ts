import { type MethodDefinition, status } from "@grpc/grpc-js";
import type { CallContext } from "../../call-context.js";
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

/** Where a call's messages go, of a grpc-js call what is needed. */
export interface MessageSink {
  /** Sends a message; `taken` is called once there is room for more. */
  write(bytes: Buffer, taken: () => void): boolean;
  end(): unknown;
  emit(event: "error", status: CallStatus): boolean;
}

/** A grpc-js handler of a call whose messages come one after the other, as far as one is needed. */
export type AnswerStream<Req> = (call: ServerCall & MessageSink & { readonly request: Req }) => void;

/** How many bytes may wait for the host to take them before the next message is asked for. */
const MAX_WAITING_BYTES = 256 * 1024;

/** What a message counts beside its bytes: small ones take memory and time too, and other calls want their turn. */
const MESSAGE_OVERHEAD = 1024;

/**
 * Makes a grpc-js handler of a function that returns an async iterable. The iterable is asked for its next message when the
 * host has taken the last ones, and is closed when the call is cancelled. What it throws, and what nobody catches in the
 * work that it began, becomes the call's status.
 */
export function serverStream<Req, Res>(
  method: MethodDefinition<Req, Res>,
  handle: (request: Req, context: CallContext) => AsyncIterable<Res>,
  environment: CallEnvironment,
  rpc: ObservedRpc<Req, Res>,
): AnswerStream<Req> {
  const observe = observeCalls(rpc, environment.requestLog ?? false);
  return (call) => {
    // The way to end a grpc-js stream with a status.
    const fail = (status: CallStatus): void => void call.emit("error", status);
    if (environment.inFlight.ending) {
      fail(ENDING);
      return;
    }
    const observed = observe(call.request, call.metadata);
    const running = beginCall(call, environment, observed, fail);
    const { context } = running;
    const serialize = (message: Res): Buffer => {
      const bytes = method.responseSerialize(message);
      observed.answered(message);
      return bytes;
    };
    runInScope(
      context,
      () => observed.run(() => pump(call, handle(call.request, context), serialize, context)),
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
          fail(failed);
        }
      },
    );
  };
}

/** Sends each message as there is room for it. Settles when the messages end or fail, and when the call is over. */
async function pump<Res>(
  call: MessageSink,
  messages: AsyncIterable<Res>,
  serialize: (message: Res) => Buffer,
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
      const bytes = serialize(result.value);
      const weight = bytes.length + MESSAGE_OVERHEAD;
      waiting += weight;
      call.write(bytes, () => {
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
