import { setTimeout } from "node:timers/promises";
import { type Attributes, type Context, type Link, ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { InMemorySpanExporter, type Sampler, SamplingDecision } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { rateLimitingSampler } from "../src/tracing/rate-limiting-sampler.js";
import { type RemoteSampler, remoteSampler } from "../src/tracing/remote-sampler.js";
import { reportedExporter } from "../src/tracing/reported-exporter.js";
import { traceHeadersOf, traceIdOf } from "../src/tracing/trace-headers.js";
import { readTracingSettings } from "../src/tracing/tracing-settings.js";
import { recordedLog } from "./helpers.js";
import { startServer } from "./http/test-server.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";

function samples(sampler: Sampler, spanName = "s", id = traceId): boolean {
  const parameters: [Context, string, string, SpanKind, Attributes, Link[]] = [
    ROOT_CONTEXT,
    id,
    spanName,
    SpanKind.SERVER,
    {},
    [],
  ];
  return sampler.shouldSample(...parameters).decision === SamplingDecision.RECORD_AND_SAMPLED;
}

describe("the headers of a trace", () => {
  it.each([
    [`00-${traceId}-b7ad6b7169203331-01`, traceId],
    [`cc-${traceId}-b7ad6b7169203331-01-more`, traceId],
    [`ff-${traceId}-b7ad6b7169203331-01`, undefined],
    [`00-${"0".repeat(32)}-b7ad6b7169203331-01`, undefined],
    [`00-${traceId}-0000000000000000-01`, undefined],
    ["nonsense", undefined],
  ])("of %j name %j", (traceparent, id) => {
    const headers = { ":path": "/", traceparent, tracestate: "a=1" };
    expect(traceHeadersOf(headers)).toEqual({ traceparent, tracestate: "a=1" });
    expect(traceIdOf(traceHeadersOf(headers))).toBe(id);
  });

  it("are none where there are none", () => {
    expect(traceHeadersOf({ ":path": "/" })).toEqual({});
    expect(traceIdOf({})).toBeUndefined();
  });
});

describe("the settings", () => {
  const read = (env: NodeJS.ProcessEnv) => readTracingSettings(env, () => {});

  it("have the Go SDK's defaults", () => {
    const warnings: string[] = [];
    expect(readTracingSettings({ GF_INSTANCE_OTLP_ADDRESS: "c:4317" }, (problem) => warnings.push(problem))).toEqual({
      address: "c:4317",
      propagation: [],
      sampler: { type: "const", sampled: true },
    });
    expect(warnings).toEqual(['GF_INSTANCE_OTLP_SAMPLER_PARAM: "" is no number; 1 is taken']);
  });

  it("take an address that has a scheme", () => {
    expect(read({ GF_INSTANCE_OTLP_ADDRESS: "http://c:4317" }).address).toBe("c:4317");
  });

  it.each([
    [{ GF_INSTANCE_OTLP_SAMPLER_PARAM: "0" }, { type: "const", sampled: false }],
    [
      { GF_INSTANCE_OTLP_SAMPLER_TYPE: "probabilistic", GF_INSTANCE_OTLP_SAMPLER_PARAM: "0.25" },
      { type: "probabilistic", probability: 0.25 },
    ],
    [
      { GF_INSTANCE_OTLP_SAMPLER_TYPE: "rateLimiting", GF_INSTANCE_OTLP_SAMPLER_PARAM: "2" },
      { type: "rateLimiting", tracesPerSecond: 2 },
    ],
    [
      {
        GF_INSTANCE_OTLP_SAMPLER_TYPE: "remote",
        GF_INSTANCE_OTLP_SAMPLER_PARAM: "1",
        GF_INSTANCE_OTLP_SAMPLER_REMOTE_URL: "http://s/sampling",
      },
      { type: "remote", url: "http://s/sampling", probability: 1 },
    ],
  ])("%j is %j", (env, sampler) => {
    expect(read(env).sampler).toEqual(sampler);
  });

  it("name the variable that is wrong", () => {
    expect(() => read({ GF_INSTANCE_OTLP_PROPAGATION: "w3c,b3" })).toThrow(/^GF_INSTANCE_OTLP_PROPAGATION: "b3"/);
    expect(() => read({ GF_INSTANCE_OTLP_SAMPLER_TYPE: "x" })).toThrow(/^GF_INSTANCE_OTLP_SAMPLER_TYPE: "x"/);
    expect(() => read({ GF_INSTANCE_OTLP_SAMPLER_PARAM: "0.5" })).toThrow(/^GF_INSTANCE_OTLP_SAMPLER_PARAM: is 0.5/);
  });
});

describe("a rate limiting sampler", () => {
  it("records so many a second, and saves up a second's worth at most", () => {
    let now = 0;
    const sampler = rateLimitingSampler(2, () => now);
    const recorded = (): number => Array.from({ length: 10 }, () => samples(sampler)).filter(Boolean).length;
    expect(recorded()).toBe(2);
    now += 500;
    expect(recorded()).toBe(1);
    now += 60_000;
    expect(recorded()).toBe(2);
  });

  it("takes another rate with what it has saved up in proportion", () => {
    let now = 0;
    const sampler = rateLimitingSampler(4, () => now);
    const recorded = (): number => Array.from({ length: 10 }, () => samples(sampler)).filter(Boolean).length;
    expect([samples(sampler), samples(sampler)]).toEqual([true, true]);
    sampler.update(8);
    expect(recorded()).toBe(4);
    now += 250;
    expect(recorded()).toBe(2);
    sampler.update(0.5);
    expect(recorded()).toBe(0);
    now += 2_000;
    expect(recorded()).toBe(1);
  });

  it("records one in ten seconds at a tenth a second", () => {
    let now = 0;
    const sampler = rateLimitingSampler(0.1, () => now);
    expect([samples(sampler), samples(sampler)]).toEqual([true, false]);
    now += 9_000;
    expect(samples(sampler)).toBe(false);
    now += 1_001;
    expect(samples(sampler)).toBe(true);
  });
});

describe("a remote sampler", () => {
  /** Runs `work` with a sampler that has its first answer. */
  async function asked(answer: string, work: (sampler: RemoteSampler, errors: unknown[]) => void, status = 200) {
    let onAnswered = (): void => {};
    const answered = new Promise<void>((resolve) => (onAnswered = resolve));
    await using server = await startServer((_, response) => response.writeHead(status).end(answer, onAnswered));
    const errors: unknown[] = [];
    const url = `${server.url}/sampling`;
    const sampler = remoteSampler({ url, serviceName: "s", probability: 0, onError: (error) => errors.push(error) });
    await answered;
    await expect.poll(() => errors.length > 0 || String(sampler) !== "RemoteSampler{TraceIdRatioBased{0}}").toBe(true);
    work(sampler, errors);
    sampler.stop();
  }

  it("takes a probability", () =>
    asked('{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}', (sampler) => {
      expect(samples(sampler)).toBe(true);
    }));

  it("takes a rate", () =>
    asked('{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":1}}', (sampler) => {
      expect([samples(sampler), samples(sampler)]).toEqual([true, false]);
    }));

  it("takes probabilities of spans by their names", () =>
    asked(
      JSON.stringify({
        operationSampling: {
          defaultSamplingProbability: 0,
          perOperationStrategies: [{ operation: "often", probabilisticSampling: { samplingRate: 1 } }],
        },
      }),
      (sampler) => expect([samples(sampler, "often"), samples(sampler, "else")]).toEqual([true, false]),
    ));

  it.each([
    ["an answer that is none", "no JSON", 200],
    ["a refusal", "{}", 500],
    ["a rate that is no number", '{"probabilisticSampling":{"samplingRate":"x"}}', 200],
  ])("keeps its probability after %s", (_, answer, status) =>
    asked(
      answer,
      (sampler, errors) => {
        expect(errors).toHaveLength(1);
        expect(samples(sampler)).toBe(false);
      },
      status,
    ),
  );
});

describe("a remote sampler that asks again", () => {
  it("keeps what is left of a second's traces, and takes another rate", async () => {
    let rate = 3;
    let answers = 0;
    await using server = await startServer((_, response) => {
      answers++;
      response.end(JSON.stringify({ rateLimitingSampling: { maxTracesPerSecond: rate } }));
    });
    const onError = (): void => {};
    const sampler = remoteSampler({ url: server.url, serviceName: "s", probability: 0, onError, refreshMs: 5 });
    const recorded = (): number => Array.from({ length: 50 }, () => samples(sampler)).filter(Boolean).length;
    await expect.poll(() => String(sampler)).toBe("RemoteSampler{RateLimitingSampler{3}}");
    const started = performance.now();
    let all = recorded();
    while (answers < 12) {
      await setTimeout(1);
      all += recorded();
    }
    // What was saved up, and what a second has of 3 in the time that has passed.
    expect(all).toBeLessThanOrEqual(3 + Math.ceil(((performance.now() - started) / 1_000) * 3));
    rate = 7;
    await expect.poll(() => String(sampler)).toBe("RemoteSampler{RateLimitingSampler{7}}");
    sampler.stop();
  });
});

describe("an exporter that fails", () => {
  it("is said to once, until it works again", () => {
    const { log, lines } = recordedLog();
    const memory = new InMemorySpanExporter();
    const code = { ok: 0, failed: 1 };
    let result = code.failed;
    const exporter = reportedExporter(
      {
        export: (_spans, done) => done(result === code.ok ? { code: 0 } : { code: 1, error: new Error("refused") }),
        shutdown: () => memory.shutdown(),
      },
      "c:4317",
      log,
    );
    const results: number[] = [];
    for (const next of [code.failed, code.failed, code.ok, code.ok, code.failed]) {
      result = next;
      exporter.export([], (given) => results.push(given.code));
    }
    expect(results).toEqual([0, 0, 0, 0, 0]);
    expect(lines.map((line) => `${line["@level"]} ${line["@message"]}`)).toEqual([
      "warn traces cannot be sent; this is said once",
      "info traces can be sent again",
      "warn traces cannot be sent; this is said once",
    ]);
    expect(lines[0]).toMatchObject({ address: "c:4317", error: expect.stringContaining("refused") });
  });
});
