import { type Sampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import { type RateLimitingSampler, rateLimitingSampler } from "./rate-limiting-sampler.js";

/** How often the strategy is asked for unless given, in ms; the figure of the library that the Go SDK has. */
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
  /** How often the strategy is asked for, in ms; once a minute unless given. */
  readonly refreshMs?: number;
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
export function remoteSampler(options: RemoteSamplerOptions): RemoteSampler {
  const { url, serviceName, probability, onError, refreshMs = REFRESH_MS } = options;
  let sampler: Sampler = new TraceIdRatioBasedSampler(probability);
  let limiting: RateLimitingSampler | undefined;
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
      const answer: unknown = await response.json();
      const rate = readRate(answer);
      if (rate === undefined) {
        sampler = readProbabilities(answer);
        limiting = undefined;
      } else {
        // The same one goes on: a new one would record a second's worth at once.
        limiting ??= rateLimitingSampler(rate);
        limiting.update(rate);
        sampler = limiting;
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        onError(error);
      }
    }
  }

  void refresh();
  const timer = setInterval(() => void refresh(), refreshMs);
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

/** The traces a second of a strategy, as protobuf's JSON has it; undefined where it has others. */
function readRate(answer: unknown): number | undefined {
  const rate = memberOf(memberOf(answer, "rateLimitingSampling"), "maxTracesPerSecond");
  return typeof rate === "number" && memberOf(answer, "operationSampling") === undefined ? rate : undefined;
}

/** The sampler of a strategy that has probabilities. */
function readProbabilities(answer: unknown): Sampler {
  const perOperation = memberOf(answer, "operationSampling");
  return perOperation === undefined
    ? byProbability(memberOf(memberOf(answer, "probabilisticSampling"), "samplingRate"))
    : byOperation(perOperation);
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
