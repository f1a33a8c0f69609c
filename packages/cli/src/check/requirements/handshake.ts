import { parseHandshake } from "@framewright/host";
import type { CheckContext } from "../check-context.js";
import { type LaunchedPlugin, quote } from "../launched-plugin.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, passed, type Verdict } from "../verdict.js";

/** How long a plugin that was started by hand may take to end, in ms. */
const REFUSAL_MS = 5_000;

/** What a plugin prints on stdout before gRPC begins. */
export const handshake: RequirementGroup = {
  name: "Handshake",
  requirements: [
    {
      id: "H1",
      title:
        "Without the cookie grafana_plugin_type the plugin ends with an exit code other than 0, and shakes no hands",
      source: sources.guide,
      run: async (context) => refused(await context.once(startByHand)),
    },
    {
      id: "H2",
      title: "It then says on stderr what it is",
      source: sources.server,
      needs: ["H1"],
      async run(context) {
        const { stderr } = await context.once(startByHand);
        const text = stderr.map((line) => line.text).join("\n");
        return text.trim() === "" ? failed("a text for whoever started it by hand", "nothing") : passed(quote(text));
      },
    },
    {
      id: "H3",
      title: "A cookie that holds anything but datasource is none",
      source: sources.handshakeConfig,
      needs: ["H1"],
      run: async (context) => refused(await context.launch({ grafana_plugin_type: "framewright-check" })),
    },
    {
      id: "H4",
      title: "The handshake is the first thing on stdout",
      source: sources.guide,
      async run(context) {
        const launched = await context.shared();
        const line = await launched.handshakeLine();
        const first = launched.stdout[0]?.text;
        if (line === undefined) {
          const exit = await launched.exitWithin(0);
          const ended = exit === undefined ? "" : `; the process ended with code ${exit.code ?? exit.signal}`;
          const stderr = launched.stderr.map(({ text }) => text).join("\n");
          const log = stderr === "" ? "" : `; stderr: ${quote(stderr)}`;
          return failed("a handshake", `${first === undefined ? "nothing" : quote(first)}${ended}${log}`);
        }
        return first === line ? passed(line) : failed("the handshake on the first line", quote(first ?? ""));
      },
    },
    {
      id: "H5",
      title: "It has six fields: 1, the version, unix or tcp, the address, grpc, and a certificate",
      source: sources.client,
      async run(context) {
        const line = await (await context.shared()).handshakeLine();
        if (line === undefined) return failed("a handshake", "none");
        parseHandshake(line);
        return passed();
      },
    },
    {
      id: "H6",
      title: "Offered version 2, the plugin speaks version 2",
      source: sources.handshakeConfig,
      needs: ["H5"],
      async run(context) {
        const { protocolVersion } = await (await context.shared()).handshake();
        return protocolVersion === 2 ? passed() : failed("version 2", `version ${protocolVersion}`);
      },
    },
    {
      id: "H7",
      title: "Offered several versions, it takes the highest that it knows",
      source: sources.server,
      needs: ["H6"],
      async run(context) {
        const launched = await context.launch({ PLUGIN_PROTOCOL_VERSIONS: "1,2,99" });
        const { protocolVersion } = await launched.handshake();
        return protocolVersion === 2 ? passed() : failed("version 2 of 1,2,99", `version ${protocolVersion}`);
      },
    },
    {
      id: "H8",
      title: "Offered none that it knows, it names its own all the same",
      source: sources.server,
      needs: ["H7"],
      async run(context) {
        const launched = await context.launch({ PLUGIN_PROTOCOL_VERSIONS: "99" });
        if ((await launched.handshakeLine()) === undefined) return failed("a handshake when offered only 99", "none");
        const { protocolVersion } = await launched.handshake();
        if (protocolVersion === 99) return failed("a version that the plugin speaks", "version 99");
        return passed();
      },
    },
    {
      id: "H9",
      title: "A seventh field says true or false where PLUGIN_MULTIPLEX_GRPC is set, and is not there elsewhere",
      source: sources.server,
      needs: ["H5"],
      async run(context) {
        const plain = await (await context.shared()).handshakeLine();
        if (plain?.split("|").length !== 6) return failed("six fields when not asked for more", quote(plain ?? ""));
        const asked = await (await context.launch({ PLUGIN_MULTIPLEX_GRPC: "true" })).handshakeLine();
        const seventh = asked?.trim().split("|")[6];
        if (seventh !== "true" && seventh !== "false") return failed("true or false", quote(asked ?? ""));
        return passed(`multiplexing: ${seventh}`);
      },
    },
    {
      id: "H10",
      title: "The sixth field is empty when no TLS was asked for",
      source: sources.client,
      needs: ["H5"],
      async run(context) {
        const { serverCert } = await (await context.shared()).handshake();
        return serverCert === "" ? passed() : failed("an empty field", quote(serverCert));
      },
    },
  ],
};

function startByHand(context: CheckContext): Promise<LaunchedPlugin> {
  return context.launch({ grafana_plugin_type: undefined }, "check");
}

async function refused(launched: LaunchedPlugin): Promise<Verdict> {
  const expected = "the process to end with an exit code other than 0, with no handshake on stdout";
  const exit = await launched.exitWithin(REFUSAL_MS);
  if (exit === undefined) return failed(expected, `it still ran after ${REFUSAL_MS} ms`);
  const line = await launched.handshakeLine();
  if (line !== undefined) return failed(expected, quote(line));
  if (exit.code === undefined || exit.code === 0) return failed(expected, `it ended with ${exit.code ?? exit.signal}`);
  return passed(`exit code ${exit.code}`);
}
