import { credentials } from "@grpc/grpc-js";
import { propagation, type TextMapPropagator, trace, context as traceContext } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { JaegerPropagator } from "@opentelemetry/propagator-jaeger";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { buildInfo } from "../build-info.js";
import { log } from "../log/logger.js";
import { startCallSpans } from "./call-spans.js";
import type { Tracing } from "./current-tracing.js";
import { httpSpans } from "./http-spans.js";
import { rateLimitingSampler } from "./rate-limiting-sampler.js";
import { remoteSampler } from "./remote-sampler.js";
import { reportedExporter } from "./reported-exporter.js";
import { type Propagation, readTracingSettings, type SamplerSettings } from "./tracing-settings.js";
import { TracingVariable } from "./tracing-variables.js";

/** What traces are started with. */
export interface StartTracingOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly pluginId: string;
  /** The author's own attributes of the resource. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Begins to trace, as Grafana's variables say: spans go to a collector by OTLP over gRPC, and OpenTelemetry's API is set up, so
 * that what an author makes with it belongs to the same traces.
 *
 * @throws Error that names the variable whose value cannot be used
 */
export function startTracing({ env, pluginId, attributes }: StartTracingOptions): Tracing {
  const settings = readTracingSettings(env, (problem) => log.warn(problem));
  const { address } = settings;
  const exporter = new OTLPTraceExporter({ url: `http://${address}`, credentials: credentials.createInsecure() });
  const processor = new BatchSpanProcessor({ exporter: reportedExporter(exporter, address, log) });
  const { sampler, stop } = createSampler(settings.sampler, pluginId);
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: sampler }),
    resource: defaultResource().merge(
      resourceFromAttributes({
        "process.runtime.description": runtimeDescription(),
        "service.name": pluginId,
        "service.version": buildInfo(pluginId).version || env[TracingVariable.pluginVersion] || "",
        ...attributes,
      }),
    ),
    spanProcessors: [processor],
  });
  const propagator = createPropagator(settings.propagation);
  traceContext.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(propagator);
  trace.setGlobalTracerProvider(provider);
  log.info("Tracing enabled", { address });
  const tracer = provider.getTracer(pluginId);
  return {
    startCall: startCallSpans(tracer, propagator),
    http: httpSpans(tracer, propagator),
    flush: () => provider.forceFlush().catch(incomplete),
    async shutdown() {
      stop();
      await provider.shutdown().catch(incomplete);
    },
  };
}

function incomplete(error: unknown): void {
  log.debug("traces are incomplete", { error });
}

function runtimeDescription(): string {
  const { bun, node } = process.versions;
  const runtime = bun === undefined ? `Node.js ${node}` : `Bun ${bun}`;
  return `${runtime} ${process.platform}/${process.arch}`;
}

function createPropagator(formats: readonly Propagation[]): TextMapPropagator {
  const propagators = formats.map((format) =>
    format === "jaeger" ? new JaegerPropagator() : new W3CTraceContextPropagator(),
  );
  return new CompositePropagator({
    propagators: propagators.length > 0 ? propagators : [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
  });
}

function createSampler(settings: SamplerSettings, serviceName: string): { sampler: Sampler; stop: () => void } {
  const local = (sampler: Sampler) => ({ sampler, stop: () => {} });
  switch (settings.type) {
    case "const":
      return local(settings.sampled ? new AlwaysOnSampler() : new AlwaysOffSampler());
    case "probabilistic":
      return local(new TraceIdRatioBasedSampler(settings.probability));
    case "rateLimiting":
      return local(rateLimitingSampler(settings.tracesPerSecond));
    case "remote": {
      let failed = false;
      const onError = (error: unknown): void => {
        log[failed ? "debug" : "warn"]("the sampling strategy cannot be asked for", { url: settings.url, error });
        failed = true;
      };
      const sampler = remoteSampler({ ...settings, serviceName, onError });
      return { sampler, stop: () => sampler.stop() };
    }
  }
}
