/**
 * Whose fault an error is: the plugin's own, or that of something it depends on or was given (the data source
 * behind it, the network, the user's settings or query). Grafana counts only the first against the plugin.
 */
export type ErrorSource = "plugin" | "downstream";

/** How a {@link PluginError} or {@link DownstreamError} is made. */
export interface SourcedErrorOptions extends ErrorOptions {
  /** HTTP status code from 400 to 599. */
  readonly status?: number;
}

abstract class SourcedError extends Error {
  /** Whose fault it is. */
  abstract readonly source: ErrorSource;
  /** HTTP status code that goes with the error. */
  readonly status: number;

  constructor(message: string, defaultStatus: number, options: SourcedErrorOptions | undefined) {
    super(message, options);
    this.status = options?.status ?? defaultStatus;
  }
}

/** The plugin could not do what it should have: a bug or a limit of its own. Status 500 unless another is given. */
export class PluginError extends SourcedError {
  override readonly name = "PluginError";
  readonly source = "plugin";

  constructor(message: string, options?: SourcedErrorOptions) {
    super(message, 500, options);
  }
}

/**
 * Something outside the plugin failed: the data source, the network, the settings or the query. Status 502 unless
 * another is given; 400 is the usual one for what a user typed.
 */
export class DownstreamError extends SourcedError {
  override readonly name = "DownstreamError";
  readonly source = "downstream";

  constructor(message: string, options?: SourcedErrorOptions) {
    super(message, 502, options);
  }
}

/** What a query, health check or resource call answers for a thrown value. */
export interface ErrorAnswer {
  readonly message: string;
  readonly status: number;
  readonly source: ErrorSource;
}

/**
 * Reads the answer off anything that was thrown. Time-outs and cancellations are downstream with status 504 and 499,
 * as in the Go SDK's `experimental/status`; whatever else does not say is the plugin's, with status 500.
 */
export function errorAnswer(thrown: unknown): ErrorAnswer {
  if (thrown instanceof SourcedError) {
    return { message: thrown.message, status: thrown.status, source: thrown.source };
  }
  if (thrown instanceof Error) {
    const message = thrown.message === "" ? thrown.name : thrown.message;
    if (thrown.name === "TimeoutError") {
      return { message, status: 504, source: "downstream" };
    }
    if (thrown.name === "AbortError") {
      return { message, status: 499, source: "downstream" };
    }
    return { message, status: 500, source: "plugin" };
  }
  return { message: describeThrown(thrown), status: 500, source: "plugin" };
}

/** What was thrown instead of an error. An object may have no text of its own, so it is not asked for one. */
function describeThrown(thrown: unknown): string {
  switch (typeof thrown) {
    case "string":
      return `a string was thrown: ${thrown}`;
    case "object":
      return thrown === null ? "null was thrown" : "an object was thrown";
    case "undefined":
      return "undefined was thrown";
    default:
      return `a ${typeof thrown} was thrown`;
  }
}
