import type { CallStatus, StatusCode } from "./status.js";

/** What a client sent cannot be taken; the call ends with the status. */
export class StatusError extends Error {
  readonly status: CallStatus;

  constructor(code: StatusCode, details: string) {
    super(details);
    this.status = { code, details };
  }
}
