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
    const limits = grpcOptions(options);
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadataOf(options),
      limits,
      (error, response) => {
        forget();
        if (error === null && response !== undefined) {
          resolve(response);
        } else {
          reject(callError(method.path, error, signal, limits));
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
  const limits = grpcOptions(options);
  const call = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadataOf(options),
    limits,
  );
  yield* readMessages(call, method.path, signal, limits);
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
  const limits = grpcOptions(options);
  const call = client.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    metadataOf(options),
    limits,
  );
  sendAll(call, requests).catch((error: unknown) =>
    call.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  yield* readMessages(call, method.path, signal, limits);
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
  limits: Limits,
): AsyncGenerator<Res> {
  const forget = onAbort(signal, () => call.cancel());
  try {
    yield* call;
  } catch (error) {
    throw callError(path, error, signal, limits);
  } finally {
    forget();
    // Once the loop is left, the status of a cancelled call has no listener but this one.
    call.on("error", () => {});
    call.cancel();
  }
}

/** A call's limits as gRPC takes them. */
interface Limits extends GrpcCallOptions {
  /** When the call has to be over, in ms since 1970. */
  readonly deadline?: number;
}

function grpcOptions({ timeoutMs }: CallOptions): Limits {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function callError(path: string, error: unknown, signal: AbortSignal | undefined, limits: Limits): unknown {
  if (signal?.aborted) {
    return signal.reason;
  }
  if (isServiceError(error)) {
    return statusError(path, error, limits);
  }
  return error ?? new PluginCallError(path, "UNKNOWN", "the plugin sent no answer");
}

function statusError(path: string, error: ServiceError, { deadline = Number.POSITIVE_INFINITY }: Limits): Error {
  // The plugin's clock may run out first: it then resets the stream, which gRPC takes for a cancellation by someone.
  if (error.code === status.CANCELLED && Date.now() >= deadline) {
    return new PluginCallError(path, "DEADLINE_EXCEEDED", "Deadline exceeded", { cause: error });
  }
  return new PluginCallError(path, status[error.code] ?? String(error.code), error.details, { cause: error });
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
