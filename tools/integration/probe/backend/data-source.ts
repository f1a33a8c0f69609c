import { frame, numbers } from "@framewright/data";
import { DownstreamError, defineDataSource } from "@framewright/sdk";
import { z } from "zod";
import { answerPeerQuery, Query } from "./query.js";
import { answerResource } from "./web-resources.js";

const Settings = z.object({ label: z.string().default("one"), openFails: z.boolean().default(false) });

/** What the handlers work with. */
export interface Instance extends Disposable {
  readonly label: string;
  isClosed(): boolean;
}

let opened = 0;

/** The part of the probe that is a data source like any other. */
export const dataSource = defineDataSource({
  pluginId: "framewright-probe-datasource",
  schema: { settings: Settings, query: Query },

  open({ settings, uid, grafanaConfig }): Instance {
    opened++;
    if (settings.openFails) {
      throw new DownstreamError("the data source refused the connection", { status: 503 });
    }
    const label = grafanaConfig.get("PROBE_LABEL") ?? settings.label;
    let closed = false;
    return {
      label,
      isClosed: () => closed,
      [Symbol.dispose]() {
        closed = true;
        console.info(`disposed ${uid} ${label}`);
      },
    };
  },

  async query(query, { instance, signal, log }) {
    const answer = await answerPeerQuery(query, signal, log);
    if (answer !== undefined) {
      return answer;
    }
    switch (query.act) {
      case "answer":
        break;
      case "wait":
        log.info("waiting");
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        break;
      case "throw":
        throw new TypeError("cannot read properties of undefined");
      case "throwString":
        throw "just text";
      case "downstream":
        throw new DownstreamError("the table does not exist", { status: 404 });
      case "late":
        setTimeout(() => {
          Promise.reject(new Error("rejected and forgotten"));
          throw new Error("thrown after the answer");
        }, 200);
        break;
      case "throwInTimer":
        setTimeout(() => {
          throw new Error("thrown in a timer");
        }, 20);
        await new Promise(() => {});
        break;
      case "forgetRejection":
        setTimeout(async () => {
          throw new Error("rejected in a timer");
        }, 20);
        await new Promise(() => {});
        break;
      case "console":
        console.log("printed by the author");
        process.stdout.write("written by ");
        process.stdout.write(Buffer.from("a library\nand more"));
        process.emitWarning("a warning of the runtime");
        break;
      case "busy": {
        // By the processor's time: on a busy machine the clock runs on while the process waits for its turn.
        const start = process.cpuUsage();
        while (process.cpuUsage(start).user < 100_000);
        break;
      }
    }
    return frame(instance.label, { opened: numbers([opened]) });
  },

  resources: answerResource,
});
