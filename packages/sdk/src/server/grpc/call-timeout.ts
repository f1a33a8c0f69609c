/** Units of the header `grpc-timeout`, in ms. Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
const UNITS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Reads the header `grpc-timeout`: in ms, not rounded. `undefined` for what is none. */
export function readTimeout(header: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,8})\s*([HMSmun])$/.exec(header) ?? [];
  const ms = UNITS[unit];
  return digits === undefined || ms === undefined ? undefined : Number(digits) * ms;
}
