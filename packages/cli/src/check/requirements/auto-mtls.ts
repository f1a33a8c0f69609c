import { X509Certificate } from "node:crypto";
import { connectPlugin } from "@framewright/host";
import { createHostIdentity, type HostIdentity } from "@framewright/host/auto-mtls";
import type { CheckContext } from "../check-context.js";
import { type LaunchedPlugin, quote } from "../launched-plugin.js";
import { isAnswered, outcome } from "../outcome.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, NotApplicable, passed } from "../verdict.js";

/** How long an answer may take, in ms. */
const ANSWER_MS = 5_000;

/** How long a client that must be refused may take to be, in ms. */
const REFUSAL_MS = 2_000;

/** TLS with certificates that host and plugin make for one process. */
export const autoMtls: RequirementGroup = {
  name: "AutoMTLS",
  requirements: [
    {
      id: "M1",
      title: "Given PLUGIN_CLIENT_CERT, the plugin sends its own certificate in the sixth field, or ends and says why",
      source: sources.server,
      needs: ["H10"],
      async run(context) {
        const { handshake } = await context.once(launchWithTls);
        if (handshake.serverCert === "") return failed("a certificate, or an end", "a handshake without a certificate");
        const { publicKey, subject } = new X509Certificate(Buffer.from(handshake.serverCert, "base64"));
        return passed(`${publicKey.asymmetricKeyType}, ${subject.replaceAll("\n", ", ")}`);
      },
    },
    {
      id: "M2",
      title: "The host whose certificate that is can make calls",
      source: sources.client,
      needs: ["M1"],
      async run(context) {
        const { handshake, identity } = await context.once(launchWithTls);
        using connection = connectPlugin(handshake, identity.credentials(handshake.serverCert));
        const { code, details } = await outcome(connection.isServing({ timeoutMs: ANSWER_MS }));
        // What the health service says is another requirement's concern.
        return isAnswered({ code }) ? passed() : failed("an answer over TLS", details);
      },
    },
    {
      id: "M3",
      title: "Everybody else is refused",
      source: sources.server,
      needs: ["M2"],
      async run(context) {
        const { handshake } = await context.once(launchWithTls);
        const stranger = await createHostIdentity();
        const clients = {
          "a client with another certificate": stranger.credentials(handshake.serverCert),
          "a client without TLS": undefined,
        };
        for (const [client, credentials] of Object.entries(clients)) {
          using connection = connectPlugin(handshake, credentials);
          const { code } = await outcome(connection.isServing({ timeoutMs: REFUSAL_MS }));
          if (isAnswered({ code })) return failed(`${client} to be refused`, code);
        }
        return passed();
      },
    },
  ],
};

async function launchWithTls(context: CheckContext) {
  await context.session();
  const identity: HostIdentity = await createHostIdentity();
  const launched: LaunchedPlugin = await context.launch(identity.env, "check");
  const line = await launched.handshakeLine();
  if (line === undefined) {
    const exit = await launched.exitWithin(0);
    const words = launched.stderr.map(({ text }) => text).join("\n");
    if (exit === undefined || exit.code === 0 || words.trim() === "") {
      throw new Error(`neither a handshake nor an end with an exit code other than 0 and a reason on stderr`);
    }
    throw new NotApplicable(`it does not offer AutoMTLS, and says so: ${quote(words)}`);
  }
  return { handshake: await launched.handshake(), identity };
}
