import type { OutputLine } from "@framewright/host";
import { parseLogEntry } from "@framewright/host/wire";
import { type LaunchedPlugin, quote } from "../launched-plugin.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, notApplicable, passed } from "../verdict.js";

/** What the plugin printed while all of the above was looked at. */
export const output: RequirementGroup = {
  name: "Output",
  requirements: [
    {
      id: "O1",
      title: "Nothing follows the handshake on stdout",
      source: sources.guide,
      needs: ["H5"],
      async run({ processes }) {
        for (const { handshakeLine, stdout } of processes) {
          const line = await handshakeLine();
          const after = stdout.slice(stdout.findIndex(({ text }) => text === line) + 1)[0];
          if (line !== undefined && after !== undefined) return failed("nothing", quote(after.text));
        }
        return passed(`${processes.length} processes`);
      },
    },
    {
      id: "O2",
      title:
        "Each line on stderr is hclog's JSON, in less than 64 KiB, so that Grafana logs it with its level and fields",
      source: sources.logEntry,
      needs: ["H5"],
      async run({ processes }) {
        const lines = (await Promise.all(processes.map(logOf))).flat();
        if (lines.length === 0) return notApplicable("it logged nothing");
        const cut = lines.find(({ piece }) => piece);
        if (cut !== undefined) return failed("lines of less than 64 KiB", quote(cut.text));
        const other = lines.find(({ text }) => parseLogEntry(text)?.time === undefined);
        return other === undefined ? passed(`${lines.length} lines`) : failed(EXPECTED, quote(other.text));
      },
    },
  ],
};

/** What a process that refused to run had to say is for people. */
async function logOf({ handshakeLine, stderr }: LaunchedPlugin): Promise<readonly OutputLine[]> {
  return (await handshakeLine()) === undefined ? [] : stderr;
}

const EXPECTED =
  'an object with "@level" (trace, debug, info, warn or error), "@message" and "@timestamp" (with six digits of a second)';
