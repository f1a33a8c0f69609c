import { setTimeout as delay } from "node:timers/promises";
import { type Frame, frame, numbers, strings, times } from "@framewright/data";
import { z } from "zod";
import { DownstreamError, defineDataSource, jsonRoutes } from "../../src/index.js";

/** What the instances of the data source below went through, the newest last. */
export const events: string[] = [];

/** An instance: what was saved, and when it was disposed. */
class Station {
  constructor(
    readonly unit: string,
    readonly token: string,
    readonly rows: number,
  ) {
    events.push(`open ${unit}`);
  }
  [Symbol.dispose](): void {
    events.push(`dispose ${this.unit}`);
  }
}

/** A data source that has a bit of everything, for tests of those who call it. */
export const weather = defineDataSource({
  pluginId: "test-weather-datasource",
  schema: {
    settings: z.object({ unit: z.enum(["celsius", "kelvin"]).default("celsius") }),
    query: z.object({ city: z.string(), fail: z.string().optional() }),
  },
  idleMs: 60_000,
  open: ({ settings, secrets, grafanaConfig }) =>
    new Station(settings.unit, secrets["token"] ?? "", Number(grafanaConfig.get("GF_SQL_ROW_LIMIT"))),
  query({ city, fail }, { instance, timeRange, intervalMs, maxDataPoints, log }) {
    if (fail !== undefined) {
      log.warn(`token ${instance.token} was refused`);
      throw new DownstreamError(`${fail} ${instance.token}`, { status: 403 });
    }
    const at = [timeRange.from, timeRange.to];
    return frame(city, {
      time: times(at),
      value: numbers([intervalMs, maxDataPoints], { unit: instance.unit }),
    });
  },
  queryTypes: {
    pieces: {
      schema: z.object({ pieces: z.number() }),
      async *query({ pieces }): AsyncGenerator<Frame> {
        for (let piece = 0; piece < pieces; piece++) {
          yield frame("p", { n: numbers([piece]) });
        }
      },
    },
    late: {
      schema: z.object({}),
      async query(_query, { signal }) {
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        return frame("never", {});
      },
    },
  },
  checkHealth: ({ user, instance, origin }) => ({
    status: "ok",
    message: `${user?.login ?? "nobody"} as ${user?.role ?? "nothing"} with ${instance.token}`,
    details: { alert: origin.alert, rows: instance.rows },
  }),
  resources: jsonRoutes<Station>((route) => [
    route.get("/unit", ({ instance, request }) => ({ unit: instance.unit, query: new URL(request.url).search })),
    route.put("/unit", { body: z.object({ unit: z.string() }) }, () => undefined),
  ]),
  streams: {
    subscribe: (path, { data }) =>
      path === "ticks" ? { initialData: frame("hello", { v: strings([JSON.stringify(data)]) }) } : "notFound",
    publish: (_path, { data, user }) => (user?.role === "Viewer" ? "permissionDenied" : { data: { json: data } }),
    async *run(path, { signal, data }) {
      events.push(`run ${path}`);
      try {
        yield frame("ticks", { n: numbers([0]) });
        yield frame("ticks", { n: numbers([1]) });
        yield { json: data };
        if (path === "broken") {
          throw new Error("the channel broke");
        }
        while (true) {
          await delay(1_000, undefined, { signal });
        }
      } finally {
        events.push(`end ${path}`);
      }
    },
  },
});
