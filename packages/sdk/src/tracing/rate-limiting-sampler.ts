import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace";

/** A sampler whose rate can change while it runs. */
export interface RateLimitingSampler extends Sampler {
  /** Takes another rate. What is saved up stays, in proportion to what may be: a new rate alone records nothing. */
  update(tracesPerSecond: number): void;
}

/**
 * Records so many traces a second, and at least one at the start. What was not used is saved up to a second's worth. Source: the
 * Go SDK's internal/tracerprovider/sampler.go.
 *
 * @param now ms of a clock that only goes forward
 */
export function rateLimitingSampler(
  tracesPerSecond: number,
  now: () => number = () => performance.now(),
): RateLimitingSampler {
  let rate = tracesPerSecond;
  let most = Math.max(rate, 1);
  let balance = most;
  let last = now();
  const save = (): void => {
    const time = now();
    balance = Math.min(most, balance + ((time - last) / 1_000) * rate);
    last = time;
  };
  return {
    shouldSample(): SamplingResult {
      if (balance < 1) {
        save();
      }
      if (balance < 1) {
        return { decision: SamplingDecision.NOT_RECORD };
      }
      balance--;
      return { decision: SamplingDecision.RECORD_AND_SAMPLED };
    },
    update(next) {
      if (next === rate) {
        return;
      }
      save();
      const before = most;
      rate = next;
      most = Math.max(rate, 1);
      balance *= most / before;
    },
    toString: () => `RateLimitingSampler{${rate}}`,
  };
}
