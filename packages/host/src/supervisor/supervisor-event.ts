import { describeExit, type ExitStatus } from "../process/exit-status.js";

/** What happens to a supervised plugin. */
export type SupervisorEvent =
  | {
      /** The process is gone though nobody stopped it. */
      readonly kind: "exited";
      readonly pid: number;
      readonly exit: ExitStatus;
      /** When the next start is due, in ms from now. */
      readonly restartInMs: number;
    }
  | {
      /** A restart failed; another follows. */
      readonly kind: "startFailed";
      /** What `startPlugin` threw. */
      readonly error: unknown;
      readonly restartInMs: number;
    }
  | {
      /** The plugin answers calls again. */
      readonly kind: "restarted";
      readonly pid: number;
      /** How long it was away, in ms. */
      readonly downMs: number;
    };

/** Why a plugin does not run, in words. */
export function describeFailure(event: SupervisorEvent | undefined): string {
  switch (event?.kind) {
    case "exited":
      return `the plugin ${describeExit(event.exit)}`;
    case "startFailed":
      return `the plugin could not be started again: ${event.error instanceof Error ? event.error.message : String(event.error)}`;
    default:
      return "the plugin does not run";
  }
}
