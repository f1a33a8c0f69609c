import {
  type Client,
  type ClientReadableStream,
  type CallOptions as GrpcCallOptions,
  Metadata,
  type MethodDefinition,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { PluginCallError } from "../plugin-errors.js";
import { onAbort } from "./on-abort.js";

/** How long a call may take, and what cancels it. */
export interface CallOptions {
  /** Cancels the call, in the plugin too. */
  readonly signal?: AbortSignal;
  /** Deadline in ms from now; without it the call may take for ever. */
  readonly timeoutMs?: number;
  /** gRPC metadata that goes with the call: the headers of a trace, for example. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Calls a unary RPC.
 *
 * @throws PluginCallError when the plugin answers with an error, the deadline passes or the connection is lost; the
 *   signal's reason when the caller cancelled
 */
export function callUnary<Req, Res>(
  client: Client,
  method: MethodDefinition<Req, Res>,
  request: Req,
  options: CallOptions = {},
): Promise<Res> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadataOf(options),
      grpcOptions(options),
      (error, response) => {
        forget();
        if (error === null && response !== undefined) {
          resolve(response);
        } else {
          reject(callError(method.path, error, signal));
        }
      },
    );
    const forget = onAbort(signal, () => call.cancel());
  });
}

/**
 * Calls a server-streaming RPC. Leaving the loop early cancels the call.
 *
 * @throws PluginCallError and the signal's reason, as {@link callUnary} does
 */
export async function* callServerStream<Req, Res>(
  client: Client,
  method: MethodDefinition<Req, Res>,
  request: Req,
  options: CallOptions = {},
): AsyncGenerator<Res> {
  const { signal } = options;
  signal?.throwIfAborted();
  const call = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadataOf(options),
    grpcOptions(options),
  );
  yield* readMessages(call, method.path, signal);
}

/**
 * Calls an RPC that streams both ways. The call is cancelled when the loop over its answers is left.
 *
 * @param requests what to send; the sending side stays open until it ends
 * @throws PluginCallError and the signal's reason, as {@link callUnary} does; whatever `requests` throws
 */
export async function* callBidiStream<Req, Res>(
  client: Client,
  method: MethodDefinition<Req, Res>,
  requests: AsyncIterable<Req>,
  options: CallOptions = {},
): AsyncGenerator<Res> {
  const { signal } = options;
  signal?.throwIfAborted();
  const call = client.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    metadataOf(options),
    grpcOptions(options),
  );
  sendAll(call, requests).catch((error: unknown) =>
    call.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  yield* readMessages(call, method.path, signal);
}

async function sendAll<Req>(
  call: { write(message: Req): boolean; end(): unknown },
  requests: AsyncIterable<Req>,
): Promise<void> {
  for await (const request of requests) {
    call.write(request);
  }
  call.end();
}

async function* readMessages<Res>(
  call: ClientReadableStream<Res>,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Res> {
  const forget = onAbort(signal, () => call.cancel());
  try {
    yield* call;
  } catch (error) {
    throw callError(path, error, signal);
  } finally {
    forget();
    // Once the loop is left, the status of a cancelled call has no listener but this one.
    call.on("error", () => {});
    call.cancel();
  }
}

function grpcOptions({ timeoutMs }: CallOptions): GrpcCallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function callError(path: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) {
    return signal.reason;
  }
  if (isServiceError(error)) {
    return new PluginCallError(path, status[error.code] ?? String(error.code), error.details, { cause: error });
  }
  return error ?? new PluginCallError(path, "UNKNOWN", "the plugin sent no answer");
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error;
}

function metadataOf({ metadata = {} }: CallOptions): Metadata {
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata)) {
    sent.set(name, value);
  }
  return sent;
}
