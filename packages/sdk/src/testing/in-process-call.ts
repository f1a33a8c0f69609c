import type { GrpcMethod } from "@framewright/protocol";
import type { CallContext } from "../call-context.js";
import type { ObservedRpc } from "../server/calls/observe-calls.js";
import type { CallEnvironment } from "../server/calls/running-call.js";
import { serverStream } from "../server/calls/server-stream.js";
import { unary } from "../server/calls/unary.js";
import type { CallHeaders, MessageParts, ServerCall } from "../server/grpc/server-call.js";
import { type CallStatus, OK, status } from "../server/grpc/status.js";
import { TestCallError } from "./test-call-error.js";

/** How long a call may take, and what cancels it. */
export interface TestCallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /** How long the caller waits, in ms: the handlers' `deadline`. For ever unless given. */
  readonly timeoutMs?: number | undefined;
}

/** An RPC, and how the server follows its calls. */
export interface InProcessRpc<Req, Res> {
  readonly method: GrpcMethod<Req, Res>;
  readonly rpc: ObservedRpc<Req, Res>;
}

/** What the server's own code takes for a call over HTTP/2: the caller's side is here, and there is no wire in between. */
class InProcessCall implements ServerCall {
  readonly #options: TestCallOptions;
  readonly #onAbort = (): void => this.#giveUp(this.#options.signal?.reason);
  #timer: NodeJS.Timeout | undefined;
  #over = false;
  /** Rejects when the caller no longer waits. */
  readonly givenUp: Promise<never>;
  #rejectGivenUp: (reason: unknown) => void = () => {};
  readonly headers: CallHeaders = {};
  readonly deadline: number;
  readonly #listeners: (() => void)[] = [];
  /** Gets each message. */
  onMessage: (bytes: Buffer, taken: () => void) => void = () => {};
  onEnd: (status: CallStatus) => void = () => {};

  constructor(path: string, options: TestCallOptions) {
    this.#options = options;
    const { signal, timeoutMs } = options;
    this.deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
    this.givenUp = new Promise((_, reject) => {
      this.#rejectGivenUp = reject;
    });
    this.givenUp.catch(() => {});
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeoutMs !== undefined) {
      const late = new TestCallError(path, { code: status.DEADLINE_EXCEEDED, details: "Deadline exceeded" });
      this.#timer = setTimeout(() => this.#giveUp(late), timeoutMs);
    }
  }

  onOver(listener: () => void): void {
    this.#listeners.push(listener);
  }

  write(message: MessageParts, taken: () => void = () => {}): void {
    this.onMessage(Buffer.concat(message), taken);
  }

  end(status: CallStatus = OK): void {
    this.onEnd(status);
  }

  /** Ends the call on the caller's side, whether it was answered or not. */
  close(): void {
    if (!this.#over) {
      this.#over = true;
      clearTimeout(this.#timer);
      this.#options.signal?.removeEventListener("abort", this.#onAbort);
      for (const listener of this.#listeners) {
        listener();
      }
    }
  }

  #giveUp(reason: unknown): void {
    this.#rejectGivenUp(reason);
    this.close();
  }
}

/**
 * Calls a unary handler as the server would, without a wire; the answer is encoded and decoded all the same.
 *
 * @throws TestCallError when there is no handler, when it throws, and at the deadline; the signal's reason when it aborts
 */
export async function callInProcess<Req, Res>(
  { method, rpc }: InProcessRpc<Req, Res>,
  handle: ((request: Req, context: CallContext) => Promise<Res>) | undefined,
  request: Req,
  environment: CallEnvironment,
  options: TestCallOptions,
): Promise<Res> {
  const answer = unary(method, required(method, handle), environment, rpc);
  options.signal?.throwIfAborted();
  const call = new InProcessCall(method.path, options);
  try {
    const answered = new Promise<Buffer>((resolve, reject) => {
      call.onMessage = resolve;
      call.onEnd = (status) => reject(new TestCallError(method.path, status));
      answer(call, request);
    });
    return method.responseDeserialize(await Promise.race([answered, call.givenUp]));
  } finally {
    call.close();
  }
}

/**
 * Calls a handler that answers with several messages, as {@link callInProcess} does. The call begins with the loop over its
 * messages and is cancelled when the loop is left.
 *
 * @throws as {@link callInProcess}
 */
export async function* streamInProcess<Req, Res>(
  { method, rpc }: InProcessRpc<Req, Res>,
  handle: ((request: Req, context: CallContext) => AsyncIterable<Res>) | undefined,
  request: Req,
  environment: CallEnvironment,
  options: TestCallOptions,
): AsyncGenerator<Res> {
  const answer = serverStream(method, required(method, handle), environment, rpc);
  options.signal?.throwIfAborted();
  const call = new InProcessCall(method.path, options);
  const waiting: { readonly bytes: Buffer; readonly taken: () => void }[] = [];
  let ended = false;
  let failure: TestCallError | undefined;
  let onNews = (): void => {};
  call.onMessage = (bytes, taken) => {
    waiting.push({ bytes, taken });
    onNews();
  };
  call.onEnd = (state) => {
    ended = true;
    failure = state.code === status.OK ? undefined : new TestCallError(method.path, state);
    onNews();
  };
  try {
    answer(call, request);
    while (true) {
      const next = waiting.shift();
      if (next !== undefined) {
        next.taken();
        yield method.responseDeserialize(next.bytes);
      } else if (failure !== undefined) {
        throw failure;
      } else if (ended) {
        return;
      } else {
        const news = new Promise<void>((resolve) => {
          onNews = resolve;
        });
        await Promise.race([news, call.givenUp]);
      }
    }
  } finally {
    call.close();
  }
}

function required<Handle>({ path }: { readonly path: string }, handle: Handle | undefined): Handle {
  if (handle === undefined) {
    const details = `The server does not implement the method ${path}`;
    throw new TestCallError(path, { code: status.UNIMPLEMENTED, details });
  }
  return handle;
}
