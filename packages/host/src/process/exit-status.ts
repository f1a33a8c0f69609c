/** How a plugin's process ended. */
export interface ExitStatus {
  /** The exit code; absent when a signal ended the process. */
  readonly code: number | undefined;
  /** The signal that ended the process; absent when it ended by itself. */
  readonly signal: NodeJS.Signals | undefined;
}

/** The end of a process in words. */
export function describeExit(exit: ExitStatus): string {
  return exit.signal === undefined ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
}
