import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InstanceContext } from "../call-context.js";

/** HTTP methods that a JSON route can have. `HEAD` is answered by the route for `GET`. */
export type RouteMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The parameters in a path: `{ id: string }` for `/items/:id`. */
export type PathParams<Path extends string> = {
  readonly [Name in ParamNames<Path>]: string;
};

type ParamNames<Path extends string> = Path extends `${infer Head}/${infer Tail}`
  ? ParamNames<Head> | ParamNames<Tail>
  : Path extends `:${infer Name}`
    ? Name
    : never;

/** The shapes of what a request brings. What does not fit is answered with a 400 that names the field. */
export interface RouteSchemas<P extends StandardSchemaV1, Q extends StandardSchemaV1, B extends StandardSchemaV1> {
  /** The parameters in the path, each a text. */
  readonly params?: P;
  /** The query string: each name with its text, or with a list of texts where it stands more than once. */
  readonly query?: Q;
  /** The body, as JSON. */
  readonly body?: B;
}

/** The schemas of any route. */
export type AnySchemas = RouteSchemas<StandardSchemaV1, StandardSchemaV1, StandardSchemaV1>;

/** What a route's handler gets. */
export interface RouteContext<Instance, Params, Query, Body> extends InstanceContext<Instance> {
  /** The request itself. Its body was read where the route has a schema for it. */
  readonly request: Request;
  /** The parameters of the path, percent-decoded. */
  readonly params: Params;
  /** The query string, checked by the route's schema. */
  readonly query: Query;
  /** Undefined for a route without a body schema, which can read `request` itself. */
  readonly body: Body;
}

/** What a handler returns: a Response, anything else that goes out as JSON, or nothing, which is answered with 204. */
export type RouteHandler<Context> = (context: Context) => unknown;

/** A method, a path and what answers them. */
export interface Route<Instance> {
  /** The HTTP method that it answers. */
  readonly method: RouteMethod;
  /** Such as `/items/:id`. A parameter is one segment of the path. */
  readonly path: string;
  /** What query string and body must look like. */
  readonly schemas: AnySchemas;
  // As a method, so that a handler of narrower parameters fits, which the schemas see to.
  /** What answers its requests. */
  handle(context: RouteContext<Instance, unknown, unknown, unknown>): unknown;
}

/** Makes the routes of one method. */
export interface MakeRoute<Instance> {
  <const Path extends string>(
    path: Path,
    handler: RouteHandler<RouteContext<Instance, PathParams<Path>, RawQuery, undefined>>,
  ): Route<Instance>;
  <
    const Path extends string,
    P extends StandardSchemaV1 = StandardSchemaV1<unknown, PathParams<Path>>,
    Q extends StandardSchemaV1 = StandardSchemaV1<unknown, RawQuery>,
    B extends StandardSchemaV1 = StandardSchemaV1<unknown, undefined>,
  >(
    path: Path,
    schemas: RouteSchemas<P, Q, B>,
    handler: RouteHandler<
      RouteContext<
        Instance,
        StandardSchemaV1.InferOutput<P>,
        StandardSchemaV1.InferOutput<Q>,
        StandardSchemaV1.InferOutput<B>
      >
    >,
  ): Route<Instance>;
}

/** A query string without a schema. */
export type RawQuery = Readonly<Record<string, string | readonly string[]>>;

/** Makes routes, one method each. */
export interface RouteMakers<Instance> {
  /** Answers GET. */
  readonly get: MakeRoute<Instance>;
  /** Answers POST. */
  readonly post: MakeRoute<Instance>;
  /** Answers PUT. */
  readonly put: MakeRoute<Instance>;
  /** Answers PATCH. */
  readonly patch: MakeRoute<Instance>;
  /** Answers DELETE. */
  readonly delete: MakeRoute<Instance>;
}
