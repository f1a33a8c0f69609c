import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace";

/**
 * Records so many traces a second, and at least one at the start. What was not used is saved up to a second's worth. Source: the
 * Go SDK's internal/tracerprovider/sampler.go.
 *
 * @param now ms of a clock that only goes forward
 */
export function rateLimitingSampler(tracesPerSecond: number, now: () => number = () => performance.now()): Sampler {
  const most = Math.max(tracesPerSecond, 1);
  let balance = most;
  let last = now();
  return {
    shouldSample(): SamplingResult {
      if (balance < 1) {
        const time = now();
        balance = Math.min(most, balance + ((time - last) / 1_000) * tracesPerSecond);
        last = time;
      }
      if (balance < 1) {
        return { decision: SamplingDecision.NOT_RECORD };
      }
      balance--;
      return { decision: SamplingDecision.RECORD_AND_SAMPLED };
    },
    toString: () => `RateLimitingSampler{${tracesPerSecond}}`,
  };
}
