/**
 * Whose fault an error is: the plugin's own, or that of something it depends on or was given (the data source
 * behind it, the network, the user's settings or query). Grafana counts only the first against the plugin.
 */
export type ErrorSource = "plugin" | "downstream";

/** How a {@link PluginError} or {@link DownstreamError} is made. */
export interface SourcedErrorOptions extends ErrorOptions {
  /** HTTP status code from 400 to 599. */
  readonly status?: number;
  /**
   * `false` keeps the message for the log: the user reads the text that Grafana is configured to show instead, which by
   * default asks to look there.
   */
  readonly userFacing?: boolean;
}

/** An error that says whose fault it is. */
export abstract class SourcedError extends Error {
  /** Whose fault it is. */
  abstract readonly source: ErrorSource;
  /** HTTP status code that goes with the error. */
  readonly status: number;
  /** Whether the message is for users too. */
  readonly userFacing: boolean;

  constructor(message: string, defaultStatus: number, options: SourcedErrorOptions | undefined) {
    super(message, options);
    this.status = options?.status ?? defaultStatus;
    this.userFacing = options?.userFacing ?? true;
  }
}

/** The plugin could not do what it should have: a bug or a limit of its own. Status 500 unless another is given. */
export class PluginError extends SourcedError {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
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
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "DownstreamError";
  readonly source = "downstream";

  constructor(message: string, options?: SourcedErrorOptions) {
    super(message, 502, options);
  }
}
