/** Exit code of a command that ran and failed. */
export const exitFailed = 1;

/** Exit code of a command that was called in a wrong way. */
export const exitUsage = 2;

/**
 * A failure whose message is written for the person at the terminal: it is printed without a stack.
 * Everything else that is thrown is a defect and is printed with one.
 */
export class Failure extends Error {
  /** What the process ends with: {@link exitFailed} or {@link exitUsage}. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitFailed) {
    super(message);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
}

/** A {@link Failure} of the arguments rather than of the work. */
export function usageFailure(message: string): Failure {
  return new Failure(message, exitUsage);
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error such as `"ENOENT"`, else undefined. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
