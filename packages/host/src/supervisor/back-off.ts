/** How far apart the starts of a plugin are, in ms. */
export interface BackOff {
  /** While the plugin works between its crashes. Grafana looks once a second, so half a second passes on average. */
  readonly minMs: number;
  /** When it does not come up however often it is tried. */
  readonly maxMs: number;
}

/** Unless given otherwise. */
export const DEFAULT_BACK_OFF: BackOff = { minMs: 500, maxMs: 30_000 };

/**
 * How long after the last start the next one may be, in ms. It doubles with each start in a row after which the plugin
 * answered no call.
 *
 * @param failures number of such starts
 */
export function startInterval({ minMs, maxMs }: BackOff, failures: number): number {
  return Math.min(minMs * 2 ** failures, maxMs);
}
