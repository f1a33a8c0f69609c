import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from "@grpc/grpc-js";
import type { CallContext } from "../call-context.js";
import { errorAnswer } from "../errors.js";
import type { Logger } from "../log/logger.js";

type ServerCall = Pick<ServerUnaryCall<unknown, unknown>, "getDeadline" | "getPath" | "on" | "cancelled">;

/** Makes a grpc-js handler of an async function. What it throws becomes the call's status; the process lives on. */
export function unary<Req, Res>(
  log: Logger,
  handle: (request: Req, context: CallContext) => Promise<Res>,
): handleUnaryCall<Req, Res> {
  return (call, callback) => {
    const context = callContext(call, log);
    Promise.resolve()
      .then(() => handle(call.request, context))
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          context.log.error("call failed", { error });
          callback(serviceError(error));
        },
      );
  };
}

/**
 * Makes a grpc-js handler of an async generator. It is asked for the next message when the host has taken the last
 * one, and is ended when the call is cancelled.
 */
export function serverStream<Req, Res>(
  log: Logger,
  handle: (request: Req, context: CallContext) => AsyncIterable<Res>,
): handleServerStreamingCall<Req, Res> {
  return (call) => {
    const context = callContext(call, log);
    pump(call, handle(call.request, context), context.signal).then(
      () => call.end(),
      (error: unknown) => {
        if (!context.signal.aborted) {
          context.log.error("call failed", { error });
        }
        call.emit("error", serviceError(error));
      },
    );
  };
}

async function pump<Res>(
  call: ServerWritableStream<unknown, Res>,
  messages: AsyncIterable<Res>,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of messages) {
    signal.throwIfAborted();
    if (!call.write(message)) {
      await drained(call, signal);
    }
  }
}

function drained(call: ServerWritableStream<unknown, unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onDrain = (): void => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    const onAbort = (): void => {
      call.off("drain", onDrain);
      reject(signal.reason);
    };
    call.once("drain", onDrain);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

function callContext(call: ServerCall, log: Logger): CallContext {
  const controller = new AbortController();
  call.on("cancelled", () => controller.abort());
  const deadline = call.getDeadline();
  return {
    signal: controller.signal,
    deadline: deadline === Number.POSITIVE_INFINITY ? undefined : new Date(deadline),
    log: log.with({ endpoint: call.getPath() }),
  };
}

function serviceError(error: unknown): { code: status; details: string } {
  return { code: status.UNKNOWN, details: errorAnswer(error).message };
}
