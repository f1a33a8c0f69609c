import { TracingVariable } from "./tracing-variables.js";

/** Headers that name a trace. */
export type Propagation = "w3c" | "jaeger";

/** Which traces are recorded that the caller has not decided on. */
export type SamplerSettings =
  | { readonly type: "const"; readonly sampled: boolean }
  | { readonly type: "probabilistic"; readonly probability: number }
  | { readonly type: "rateLimiting"; readonly tracesPerSecond: number }
  | { readonly type: "remote"; readonly url: string; readonly probability: number };

/** How a plugin is traced. */
export interface TracingSettings {
  /** `host:port` of the collector. */
  readonly address: string;
  /** None stands for the default: W3C's headers and baggage. */
  readonly propagation: readonly Propagation[];
  readonly sampler: SamplerSettings;
}

/**
 * Reads how a plugin is traced.
 *
 * @param warn is told of a number that is none, in whose place 1 is taken, as in the Go SDK
 * @throws Error that names the variable whose value cannot be used
 */
export function readTracingSettings(env: NodeJS.ProcessEnv, warn: (problem: string) => void): TracingSettings {
  return {
    address: (env[TracingVariable.address] ?? "").replace(/^https?:\/\//, ""),
    propagation: (env[TracingVariable.propagation] ?? "").split(",").flatMap(readPropagation),
    sampler: readSampler(env, readParam(env[TracingVariable.samplerParam] ?? "", warn)),
  };
}

function readPropagation(text: string): Propagation[] {
  switch (text) {
    case "":
      return [];
    case "w3c":
    case "jaeger":
      return [text];
    default:
      throw new Error(`${TracingVariable.propagation}: ${JSON.stringify(text)} is neither w3c nor jaeger`);
  }
}

function readParam(text: string, warn: (problem: string) => void): number {
  const param = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(param)) {
    return param;
  }
  warn(`${TracingVariable.samplerParam}: ${JSON.stringify(text)} is no number; 1 is taken`);
  return 1;
}

function readSampler(env: NodeJS.ProcessEnv, param: number): SamplerSettings {
  const type = env[TracingVariable.samplerType] ?? "";
  switch (type) {
    case "":
    case "const":
      if (param > 0 && param < 1) {
        throw new Error(`${TracingVariable.samplerParam}: is ${param}; for a sampler of type const it must be 0 or 1`);
      }
      return { type: "const", sampled: param >= 1 };
    case "probabilistic":
      return { type, probability: param };
    case "rateLimiting":
      return { type, tracesPerSecond: param };
    case "remote":
      return { type, url: env[TracingVariable.samplerRemoteUrl] ?? "", probability: param };
    default:
      throw new Error(
        `${TracingVariable.samplerType}: ${JSON.stringify(type)} is none of const, probabilistic, rateLimiting, remote`,
      );
  }
}
