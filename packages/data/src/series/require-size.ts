import { FrameError } from "../frame-error.js";

/** Values that a converted frame may have. Series that share little make far more of them than there were. */
const MAX_VALUES = 100_000_000;

/**
 * Throws where a conversion would make a frame out of all proportion.
 * @param size values that the frame would have
 * @param instead what to do
 */
export function requireSize(size: number, instead: string): void {
  if (size > MAX_VALUES) {
    throw new FrameError(`the series would become a frame of ${size} values, most of them gaps; ${instead}`);
  }
}
