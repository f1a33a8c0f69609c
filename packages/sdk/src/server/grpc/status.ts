/** gRPC's status codes. Source: https://grpc.io/docs/guides/status-codes/ */
export const status = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The number of a status. */
export type StatusCode = (typeof status)[keyof typeof status];

/** How a call ends. */
export interface CallStatus {
  readonly code: StatusCode;
  /** In words; empty where all went well. */
  readonly details: string;
}

/** The call was answered. */
export const OK: CallStatus = { code: status.OK, details: "" };

const names = new Map<StatusCode, string>(Object.entries(status).map(([name, code]) => [code, name]));

/** The name of a status, such as `UNKNOWN`. */
export function statusName(code: StatusCode): string {
  return names.get(code) ?? String(code);
}
