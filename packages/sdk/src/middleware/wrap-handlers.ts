import type { CallContext } from "../call-context.js";
import type { Handlers } from "../handlers.js";
import { rememberSecretsOf } from "../secrets/secrets-of-request.js";
import type { Middleware, MiddlewareCall, RpcAnswer, RpcName, RpcRequest, StreamRpc, UnaryRpc } from "./middleware.js";

const unaryRpcs: readonly UnaryRpc[] = [
  "queryData",
  "checkHealth",
  "collectMetrics",
  "subscribeStream",
  "publishStream",
  "validateAdmission",
  "mutateAdmission",
  "convertObjects",
];
const streamRpcs: readonly StreamRpc[] = ["queryChunkedData", "callResource", "runStream"];

/** {@link Handlers}, so that TypeScript sees that request and answer go together. */
type HandlerTable = { [Name in RpcName]?: Handle<Name> };
type Handle<Name extends RpcName> = (request: RpcRequest<Name>, context: CallContext) => RpcAnswer<Name>;

/**
 * Puts middleware around handlers, the first outermost. An RPC without a handler stays without. From then on what the secrets of
 * a request's data source or app are is known, and kept out of logs and errors.
 */
export function wrapHandlers(handlers: Handlers, use: readonly Middleware[]): Handlers {
  const table: HandlerTable = handlers;
  const wrapped: Handlers = {};

  function wrap<Name extends RpcName>(rpc: Name, around: readonly Around<Name>[]): void {
    const handler = table[rpc]?.bind(handlers);
    if (handler !== undefined) {
      const handle = around.reduceRight<Handle<Name>>((inner, middleware) => through(rpc, middleware, inner), handler);
      const outermost: Handle<Name> = (request, context) => {
        rememberSecretsOf(request.pluginContext);
        return handle(request, context);
      };
      Object.assign(wrapped, { [rpc]: outermost });
    }
  }

  // TypeScript does not see that a call of one of several RPCs is a call of the one or of the other.
  const aroundUnary = use.flatMap((middleware) => middleware.unary?.bind(middleware) ?? []) as Around<UnaryRpc>[];
  const aroundStream = use.flatMap((middleware) => middleware.stream?.bind(middleware) ?? []) as Around<StreamRpc>[];
  for (const rpc of unaryRpcs) {
    wrap(rpc, aroundUnary);
  }
  for (const rpc of streamRpcs) {
    wrap(rpc, aroundStream);
  }
  return wrapped;
}

/** A middleware's method, for calls of one RPC. */
type Around<Name extends RpcName> = (call: MiddlewareCall<Name>) => RpcAnswer<Name>;

function through<Name extends RpcName>(rpc: Name, around: Around<Name>, inner: Handle<Name>): Handle<Name> {
  return (request, context) =>
    around({
      rpc,
      request,
      context,
      next: (changed = request, changedContext = context) => inner(changed, changedContext),
    });
}
