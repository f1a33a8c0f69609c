import type { CallContext } from "../call-context.js";
import type { Handlers } from "../handlers.js";

/** An RPC's name, as in {@link Handlers}. */
export type RpcName = keyof Handlers;

type Handler<Name extends RpcName> = NonNullable<Handlers[Name]>;

/** What an RPC's handler gets. */
export type RpcRequest<Name extends RpcName> = Parameters<Handler<Name>>[0];

/** What an RPC's handler returns: a promise of one message, or an async iterable of messages. */
export type RpcAnswer<Name extends RpcName> = ReturnType<Handler<Name>>;

/** RPCs that are answered with one message. */
export type UnaryRpc = {
  [Name in RpcName]: RpcAnswer<Name> extends Promise<unknown> ? Name : never;
}[RpcName];

/** RPCs that are answered with messages one after the other. */
export type StreamRpc = Exclude<RpcName, UnaryRpc>;

/** A call on its way to the handler of the RPC `Name`. */
export interface MiddlewareCall<Name extends RpcName> {
  /** The RPC's name. Comparing it tells TypeScript what the request and the answer are. */
  readonly rpc: Name;
  /** What was asked, as it is on the wire. */
  readonly request: RpcRequest<Name>;
  /** The call's signal, deadline and log. */
  readonly context: CallContext;
  /**
   * Goes on to the next middleware, and behind the last one to the handler.
   *
   * @param request what they get in place of this call's
   * @param context likewise
   */
  next(request?: RpcRequest<Name>, context?: CallContext): RpcAnswer<Name>;
}

type StreamItem<Stream> = Stream extends AsyncIterable<infer Item> ? Item : never;

/** A call of any RPC that is answered with one message. */
export type UnaryCall = { [Name in UnaryRpc]: MiddlewareCall<Name> }[UnaryRpc];

/** A call of any RPC that is answered with messages one after the other. */
export type StreamCall = { [Name in StreamRpc]: MiddlewareCall<Name> }[StreamRpc];

/**
 * Wraps calls on their way to the handlers and answers on their way back. The first of a list is the outermost: it sees a call
 * first and its answer last. It sits around validation, instances and what turns errors into answers, so that it sees messages
 * as they are on the wire; a failed query is one with an `error` there. What it throws becomes the call's status.
 */
export interface Middleware {
  /** Wraps the RPCs with one answer. Without it they pass. */
  unary?(call: UnaryCall): Promise<Awaited<RpcAnswer<UnaryRpc>>>;
  /** Wraps the RPCs whose answers come one after the other. Without it they pass. */
  stream?(call: StreamCall): AsyncIterable<StreamItem<RpcAnswer<StreamRpc>>>;
}
