import { type Sampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import { rateLimitingSampler } from "./rate-limiting-sampler.js";

/** How often the strategy is asked for, in ms; the figure of the library that the Go SDK has. */
const REFRESH_MS = 60_000;

/** How long an answer may take, in ms. */
const TIMEOUT_MS = 10_000;

/** How a remote sampler works. */
export interface RemoteSamplerOptions {
  /** Where the strategy is asked for; the service's name is added as a parameter. */
  readonly url: string;
  readonly serviceName: string;
  /** The probability that counts until there is an answer. */
  readonly probability: number;
  /** Is told of each answer that did not come, or cannot be used. */
  readonly onError: (error: unknown) => void;
}

/** A sampler whose strategy is asked for. */
export interface RemoteSampler extends Sampler {
  /** Ends the asking. */
  stop(): void;
}

/**
 * A sampler that asks a Jaeger agent or collector for its strategy, now and once a minute: a probability, or a number of traces a
 * second, for the service or for spans of a name. OpenTelemetry's own package knows no rates, and keeps the process alive.
 * Source: https://www.jaegertracing.io/docs/latest/apis/#remote-sampling-configuration
 */
export function remoteSampler({ url, serviceName, probability, onError }: RemoteSamplerOptions): RemoteSampler {
  let sampler: Sampler = new TraceIdRatioBasedSampler(probability);
  const controller = new AbortController();

  async function refresh(): Promise<void> {
    try {
      const target = new URL(url);
      target.searchParams.set("service", serviceName);
      const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const response = await fetch(target, { signal });
      if (!response.ok) {
        throw new Error(`${target.host} answered ${response.status}`);
      }
      sampler = readStrategy(await response.json());
    } catch (error) {
      if (!controller.signal.aborted) {
        onError(error);
      }
    }
  }

  void refresh();
  const timer = setInterval(() => void refresh(), REFRESH_MS);
  timer.unref();
  return {
    shouldSample: (...parameters) => sampler.shouldSample(...parameters),
    toString: () => `RemoteSampler{${sampler}}`,
    stop() {
      clearInterval(timer);
      controller.abort();
    },
  };
}

/** The sampler of a strategy, as protobuf's JSON has it. */
function readStrategy(answer: unknown): Sampler {
  const perOperation = memberOf(answer, "operationSampling");
  if (perOperation !== undefined) {
    return byOperation(perOperation);
  }
  const rate = memberOf(memberOf(answer, "rateLimitingSampling"), "maxTracesPerSecond");
  if (typeof rate === "number") {
    return rateLimitingSampler(rate);
  }
  return byProbability(memberOf(memberOf(answer, "probabilisticSampling"), "samplingRate"));
}

function byOperation(perOperation: unknown): Sampler {
  const fallback = byProbability(memberOf(perOperation, "defaultSamplingProbability"));
  const strategies = memberOf(perOperation, "perOperationStrategies");
  const samplers = new Map<unknown, Sampler>(
    (Array.isArray(strategies) ? strategies : []).map((strategy: unknown) => [
      memberOf(strategy, "operation"),
      byProbability(memberOf(memberOf(strategy, "probabilisticSampling"), "samplingRate")),
    ]),
  );
  return {
    shouldSample(context, traceId, spanName, ...more) {
      return (samplers.get(spanName) ?? fallback).shouldSample(context, traceId, spanName, ...more);
    },
    toString: () => `PerOperationSampler{${samplers.size}}`,
  };
}

/** protobuf's JSON leaves out a probability of 0. */
function byProbability(rate: unknown = 0): Sampler {
  if (typeof rate !== "number") {
    throw new Error("the strategy has no sampling rate");
  }
  return new TraceIdRatioBasedSampler(rate);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
