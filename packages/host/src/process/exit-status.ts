/** How a plugin's process ended. Neither is known of a process that this one did not start. */
export interface ExitStatus {
  /** The exit code; absent when a signal ended the process. */
  readonly code: number | undefined;
  /** The signal that ended the process; absent when it ended by itself. */
  readonly signal: NodeJS.Signals | undefined;
}

/** The end of a process in words. */
export function describeExit({ code, signal }: ExitStatus): string {
  if (signal !== undefined) {
    return `was ended by ${signal}`;
  }
  return code === undefined ? "ended" : `exited with code ${code}`;
}
