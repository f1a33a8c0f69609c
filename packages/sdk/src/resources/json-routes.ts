import type { InstanceContext } from "../call-context.js";
import { parseJson, validate } from "../validation/validate.js";
import { matchPath } from "./match-path.js";
import type { ResourceHandler } from "./resource-handler.js";
import type { AnySchemas, MakeRoute, RawQuery, Route, RouteContext, RouteMakers, RouteMethod } from "./route.js";

/**
 * Answers resource requests by method and path, with JSON. For anything beyond that take a Hono app.
 *
 * ```ts
 * const resources = jsonRoutes<Client>((route) => [
 *   route.get("/cities", ({ instance }) => instance.cities()),
 *   route.post("/cities/:name/notes", { body: Note }, ({ instance, params, body }) => instance.note(params.name, body)),
 * ]);
 * ```
 *
 * A path that no route has is answered with 404, a method that none of its routes has with 405, parameters, query strings and
 * bodies that do not fit their schema with a 400 that names the field, and what a handler throws with the error's status. The
 * first route that matches answers.
 *
 * @typeParam Instance what the definition's `open` makes
 */
export function jsonRoutes<Instance>(
  make: (route: RouteMakers<Instance>) => readonly Route<Instance>[],
): ResourceHandler<Instance> {
  const routes = make({
    get: makerOf("GET"),
    post: makerOf("POST"),
    put: makerOf("PUT"),
    patch: makerOf("PATCH"),
    delete: makerOf("DELETE"),
  });
  return async (request, context) => {
    const { pathname } = new URL(request.url);
    const found = routes.flatMap((route) => {
      const params = matchPath(route.path, pathname);
      return params === undefined ? [] : [{ route, params }];
    });
    if (found.length === 0) {
      return Response.json({ message: `there is no ${pathname}` }, { status: 404 });
    }
    const method = request.method === "HEAD" ? "GET" : request.method;
    const match = found.find(({ route }) => route.method === method);
    if (match === undefined) {
      const allow = [...new Set(found.map(({ route }) => route.method))].join(", ");
      const message = `${pathname} is not answered for ${request.method}, but for ${allow}`;
      return Response.json({ message }, { status: 405, headers: { allow } });
    }
    const answer = await match.route.handle(await routeContext(match.route, match.params, request, context));
    return toResponse(answer);
  };
}

/** A handler of whatever parameters its schemas allow. */
type AnyHandler = (context: never) => unknown;

function makerOf<Instance>(method: RouteMethod): MakeRoute<Instance> {
  return (path: string, schemasOrHandler: AnySchemas | AnyHandler, handler?: AnyHandler): Route<Instance> => {
    const [schemas, handle] =
      typeof schemasOrHandler === "function" ? [{}, schemasOrHandler] : [schemasOrHandler, handler];
    if (typeof handle !== "function") {
      throw new TypeError(`the route ${method} ${path} has no handler`);
    }
    return { method, path, schemas, handle };
  };
}

async function routeContext<Instance>(
  { schemas }: Route<Instance>,
  params: Readonly<Record<string, string>>,
  request: Request,
  context: InstanceContext<Instance>,
): Promise<RouteContext<Instance, unknown, unknown, unknown>> {
  return {
    ...context,
    request,
    params: await validate(schemas.params, params, "params"),
    query: await validate(schemas.query, rawQuery(new URL(request.url).searchParams), "query"),
    body:
      schemas.body === undefined
        ? undefined
        : await validate(schemas.body, parseJson(new Uint8Array(await request.arrayBuffer()), "body"), "body"),
  };
}

function rawQuery(search: URLSearchParams): RawQuery {
  const query = new Map<string, string | readonly string[]>();
  for (const name of search.keys()) {
    const values = search.getAll(name);
    query.set(name, values.length === 1 ? (values[0] ?? "") : values);
  }
  return Object.fromEntries(query);
}

function toResponse(answer: unknown): Response {
  if (answer instanceof Response) {
    return answer;
  }
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer);
}
