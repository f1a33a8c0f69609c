import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createCallRecord } from "../src/calls/call-record.js";
import { log } from "../src/log/logger.js";
import { collectMetrics, exposeMetrics } from "../src/metrics/exposed-metrics.js";
import { counter, gauge, histogram } from "../src/metrics/metric-family.js";

describe("metrics in Prometheus' text format", () => {
  it("escape what would end a label or a line", () => {
    const family = counter({ name: "c_total", help: "one\ntwo \\", labels: ["a", "b"] });
    family.at('say "hi"', "back\\slash\nnew line").value += 2;
    expect(family.text()).toBe(
      '# HELP c_total one\\ntwo \\\\\n# TYPE c_total counter\nc_total{a="say \\"hi\\"",b="back\\\\slash\\nnew line"} 2\n',
    );
  });

  it("have no labels where there are none, and every number", () => {
    const family = gauge({ name: "g", help: "h" });
    const cell = family.at();
    for (const [value, text] of [
      [-1.5, "-1.5"],
      [1e21, "1e+21"],
      [Number.NaN, "NaN"],
      [Number.POSITIVE_INFINITY, "+Inf"],
      [Number.NEGATIVE_INFINITY, "-Inf"],
    ] as const) {
      cell.value = value;
      expect(family.text()).toBe(`# HELP g h\n# TYPE g gauge\ng ${text}\n`);
    }
  });

  it("count a histogram's observations up to each bound, the bound included", () => {
    const family = histogram({ name: "h", help: "x", labels: ["l"], buckets: [1, 2.5] });
    for (const value of [0.5, 1, 2, 7]) {
      family.at("v").observe(value);
    }
    expect(family.text().split("\n").slice(2)).toEqual([
      'h_bucket{l="v",le="1"} 2',
      'h_bucket{l="v",le="2.5"} 3',
      'h_bucket{l="v",le="+Inf"} 4',
      'h_sum{l="v"} 10.5',
      'h_count{l="v"} 4',
      "",
    ]);
  });

  it("tell apart labels that would be one text together", () => {
    const family = counter({ name: "c", help: "h", labels: ["a", "b"] });
    family.at("x,y", "z").value++;
    family.at("x", "y,z").value++;
    expect(family.text().match(/ 1$/gm)).toHaveLength(2);
  });

  it("are exposed once a name, and without those that cannot be collected", async () => {
    const first = counter({ name: "taken_total", help: "first" });
    first.at().value = 1;
    exposeMetrics(() => [first]);
    exposeMetrics(() => [{ name: "taken_total", text: () => "left out" }]);
    exposeMetrics(() => {
      throw new Error("no metrics");
    });
    exposeMetrics(() => [{ name: "broken", text: () => Promise.reject(new Error("no metric")) }]);
    exposeMetrics(() => [{ name: "own_total", text: async () => "own_total 1\n" }]);
    const text = new TextDecoder().decode(await collectMetrics());
    expect(text).toContain("taken_total 1\n");
    expect(text).not.toContain("left out");
    expect(text).toContain("own_total 1\n");
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  });
});

describe("collected metrics", () => {
  const collect = async (): Promise<string> => new TextDecoder().decode(await collectMetrics());

  it("say the same start of the process each time", async () => {
    const starts = new Set<string | undefined>();
    for (let i = 0; i < 5; i++) {
      starts.add(/^process_start_time_seconds (.*)$/m.exec(await collect())?.[1]);
      await setTimeout(7);
    }
    expect(starts.size).toBe(1);
    expect(Number([...starts][0])).toBeGreaterThan(1e9);
  });

  it("leave out a source and a metric that hang, and say so", async () => {
    const errors = vi.spyOn(log, "error");
    exposeMetrics(() => new Promise(() => {}));
    exposeMetrics(() => [{ name: "hanging", text: () => new Promise(() => {}) }]);
    exposeMetrics(() => [{ name: "behind_total", text: () => "behind_total 1\n" }]);
    expect(await collect()).toContain("behind_total 1\n");
    const late = expect.objectContaining({ message: "there was no answer within 2 s" });
    expect(errors).toHaveBeenCalledWith("metrics cannot be collected", { error: late });
    expect(errors).toHaveBeenCalledWith("a metric cannot be collected", { metric: "hanging", error: late });
  }, 15_000);
});

describe("the record of a call", () => {
  const plugin = { status: 500, source: "plugin" } as const;
  const downstream = { status: 502, source: "downstream" } as const;
  const cancelled = { status: 499, source: "downstream" } as const;

  it.each([
    { failures: [], result: "ok", source: "plugin" },
    { failures: [downstream], result: "error", source: "downstream" },
    { failures: [downstream, plugin], result: "error", source: "plugin" },
    { failures: [plugin, downstream], result: "error", source: "plugin" },
    { failures: [cancelled], result: "cancelled", source: "downstream" },
    { failures: [cancelled, downstream], result: "error", source: "downstream" },
    { failures: [downstream, cancelled], result: "error", source: "downstream" },
  ])("says $result, $source of $failures", ({ failures, result, source }) => {
    const record = createCallRecord({ endpoint: "queryData", pluginContext: undefined, traceHeaders: {} });
    for (const failure of failures) {
      record.fail(failure);
    }
    expect(record).toMatchObject({ result, source });
  });
});
