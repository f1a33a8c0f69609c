import { parseInterval } from "@framewright/sdk/sql";
import { z } from "zod";

/** A whole number, which provisioning files may hold as text. */
function wholeNumber(least: number): z.ZodType<number> {
  const error = `must be a whole number from ${least} on`;
  return z.coerce.number({ error }).int({ error }).min(least, { error });
}

/** A number of seconds; 0 is no limit of its own. */
const seconds = z.coerce.number({ error: "must be a number of seconds" }).min(0, { error: "must not be below 0" });

const count = wholeNumber(0);

/** An empty text is none: Grafana's forms clear a field so. */
const text = z
  .string()
  .optional()
  .transform((value) => value?.trim() || undefined);

/** A length of time such as `10s` or `1m`, in ms. Grafana's forms know a `>` before it. */
const interval = text.transform((value, context) => {
  try {
    return value === undefined ? undefined : Number(parseInterval(value.replace(/^>/, "")) / 1_000_000n);
  } catch {
    context.addIssue({ code: "custom", message: "must be a number and a unit, such as 10s or 1m" });
    return z.NEVER;
  }
});

/** What is saved with the data source; the names are those of Grafana's own data sources, as far as they have them. */
export const Settings = z.object({
  /** What the server speaks. */
  engine: z.enum(["postgres", "mysql"]).default("postgres"),
  /** The database. Older data sources have it beside these settings. */
  database: text,
  /** Without it `verify-full` for PostgreSQL; for MySQL what the three switches after it say. */
  sslmode: z.enum(["disable", "require", "verify-ca", "verify-full"]).optional(),
  /** Grafana's own MySQL data source: shows a client certificate. */
  tlsAuth: z.boolean().default(false),
  /** Grafana's own MySQL data source: trusts an authority of the data source's. */
  tlsAuthWithCACert: z.boolean().default(false),
  /** Grafana's own MySQL data source: takes any certificate. */
  tlsSkipVerify: z.boolean().default(false),
  /** Whether certificates are paths of files, or secrets. Without it, secrets for MySQL, and files for PostgreSQL. */
  tlsConfigurationMethod: z.enum(["file-path", "file-content"]).optional(),
  sslRootCertFile: text,
  sslCertFile: text,
  sslKeyFile: text,
  /** Most connections at a time; 0 is no limit. Without it Grafana's configuration says. */
  maxOpenConns: count.optional(),
  /** Connections that are kept while nobody uses them. Without it Grafana's configuration says. */
  maxIdleConns: count.optional(),
  /** Whether as many are kept as there may be. */
  maxIdleConnsAuto: z.boolean().default(false),
  /** Age in seconds at which a connection is replaced; 0 is never. Without it Grafana's configuration says. */
  connMaxLifetime: count.optional(),
  /** Seconds that connecting may take; 0 is no limit of its own. */
  connectTimeout: seconds.default(10),
  /** Seconds that a query may take; 0 is no limit of its own. */
  queryTimeout: seconds.default(0),
  /** Least distance between points, saved as text such as `1m`: what `$__interval` is at least. */
  timeInterval: interval,
  /** The time zone of the sessions, such as `Europe/Vienna`. */
  timezone: text,
  /** Schemas to look for tables in, as in `SET search_path`. */
  searchPath: text,
  /** Whether the database has TimescaleDB, whose `time_bucket` then groups times. */
  timescaledb: z.boolean().default(false),
  /** Whether sessions may only read. */
  readOnly: z.boolean().default(true),
  /** Most rows of a query; Grafana's own limit is never exceeded. */
  rowLimit: wholeNumber(1).optional(),
  /** Whether numbers and times come in the binary format. Off, everything comes as text: for servers that cannot. */
  binaryResults: z.boolean().default(true),
});

export type Settings = z.infer<typeof Settings>;
