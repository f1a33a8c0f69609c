import type { StandardSchemaV1 } from "@standard-schema/spec";

/** The schema of what has none: anything, of which nothing is known. */
export type AnySchema = StandardSchemaV1<unknown, unknown>;

/** The schema of secrets that have none: names and texts. */
export type SecretsSchema = StandardSchemaV1<unknown, Readonly<Record<string, string>>>;

/** The query types of a definition that has none. */
export type NoQueryTypes = Readonly<Record<never, never>>;
