import { frame, numbers, strings } from "@framewright/data";
import { defineDataSource, type Middleware } from "@framewright/sdk";
import * as v from "valibot";
import { z } from "zod";
import { openClient, Settings } from "./client.js";
import { act, pieces, Query } from "./queries.js";
import { resources } from "./resources.js";
import { streams } from "./streams.js";

/** Tells the log of each call on its way in. */
const counting: Middleware = {
  async unary(call) {
    call.context.log.debug("counted", { rpc: call.rpc, org: String(call.request.pluginContext?.orgId) });
    return call.next();
  },
  async *stream(call) {
    call.context.log.debug("counted", { rpc: call.rpc });
    yield* call.next();
  },
};

const { PROBE_IDLE_MS } = process.env;

/** The part of the probe that is a data source. */
export const dataSource = defineDataSource({
  pluginId: "framewright-sdkprobe-datasource",
  schema: { settings: Settings, query: Query },
  open: openClient,
  query: act,
  queryTypes: {
    numbers: {
      schema: z.object({ from: z.number(), to: z.number() }),
      query: ({ from, to }) => frame("numbers", { v: numbers([from, to]) }),
    },
    words: {
      schema: v.object({ words: v.array(v.string()) }),
      query: ({ words }) => [frame("words", { v: strings(words) }), frame("count", { v: numbers([words.length]) })],
    },
    pieces: {
      schema: z.object({ rows: z.number(), failAt: z.number().optional() }),
      query: pieces,
    },
  },
  resources,
  streams,
  use: [counting],
  ...(PROBE_IDLE_MS === undefined ? {} : { idleMs: Number(PROBE_IDLE_MS) }),
});
