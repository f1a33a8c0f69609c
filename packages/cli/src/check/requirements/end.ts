import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { describeExit, isRunning, parseHandshake } from "@framewright/host";
import { ControllerService } from "@framewright/host/wire";
import type { CheckContext } from "../check-context.js";
import { openBroker, openStdio } from "../go-plugin-streams.js";
import { looksLikeHandshake, within } from "../launched-plugin.js";
import { isAnswered, outcome } from "../outcome.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, NotApplicable, notApplicable, passed } from "../verdict.js";

/** How long go-plugin's host waits for a plugin that it asked to end, in ms. */
const SHUTDOWN_MS = 2_000;

/** How long a plugin that got SIGTERM may take to end, in ms. */
const TERM_MS = 5_000;

/** How long an answer may take, in ms. */
const ANSWER_MS = 5_000;

/** How long a plugin is watched after a signal that it is to ignore, in ms. */
const IGNORE_MS = 300;

/** How long a plugin may outlive its host, in ms. */
const ORPHAN_MS = 5_000;

/** How long the host that is to be killed may take to have the plugin running, in ms. */
const REPORT_MS = 4_000;

/** How a plugin's process ends. */
export const end: RequirementGroup = {
  name: "Life and death",
  requirements: [
    {
      id: "E1",
      title: "SIGINT is ignored: Ctrl-C in Grafana's terminal reaches plugins too",
      source: sources.server,
      async run(context) {
        if (process.platform === "win32") return notApplicable("this system has no signals");
        const { launched, isServing } = await context.session();
        launched.process.kill("SIGINT");
        const exit = await launched.exitWithin(IGNORE_MS);
        if (exit !== undefined) return failed("a plugin that serves on", describeExit(exit));
        const { code, details } = await outcome(isServing({ timeoutMs: ANSWER_MS }));
        return isAnswered({ code }) ? passed() : failed("an answer", details);
      },
    },
    {
      id: "E2",
      title: "GRPCController/Shutdown ends the process with code 0 within 2 s, though go-plugin's streams are open",
      source: sources.client,
      async run(context) {
        const { exit, ms } = await context.once(shutDown);
        const expected = `exit code 0 within ${SHUTDOWN_MS} ms`;
        if (exit === undefined) return failed(expected, `it still ran after ${ms.toFixed(0)} ms`);
        return exit.code === 0 ? passed(`after ${ms.toFixed(0)} ms`) : failed(expected, `it ${describeExit(exit)}`);
      },
    },
    {
      id: "E3",
      title: "The socket is gone with the process",
      source: sources.server,
      async run(context) {
        const { exit, network, address } = await context.once(shutDown);
        if (network !== "unix") return notApplicable("it listens on TCP");
        if (exit === undefined) return notApplicable("it does not end when it is asked to");
        return existsSync(address) ? failed("no file", address) : passed();
      },
    },
    {
      id: "E4",
      title: "SIGTERM ends it as Shutdown does",
      source: sources.server,
      level: "recommended",
      needs: ["E2", "E3"],
      async run(context) {
        if (process.platform === "win32") return notApplicable("this system has no signals");
        // Nothing else needs the shared process any more.
        const { launched, handshake } = await context.session();
        launched.process.kill("SIGTERM");
        const exit = await launched.exitWithin(TERM_MS);
        if (exit === undefined) return failed(`an end within ${TERM_MS} ms`, "it still runs");
        if (exit.code !== 0) return failed("exit code 0", `it ${describeExit(exit)}`);
        const left = handshake.network === "unix" && existsSync(handshake.address);
        return left ? failed("no socket left", handshake.address) : passed();
      },
    },
    {
      id: "E5",
      title: "A host that is gone without a word takes the plugin with it within 5 s",
      source: sources.guide,
      level: "recommended",
      limitMs: REPORT_MS + ORPHAN_MS + 2_000,
      async run(context) {
        if (process.platform === "win32") return notApplicable("this system has no SIGKILL");
        const { outlived } = await context.once(orphan);
        return outlived ? failed("a plugin that ends", `it still ran after ${ORPHAN_MS} ms, and was killed`) : passed();
      },
    },
    {
      id: "E6",
      title: "It then leaves no socket either",
      source: sources.guide,
      level: "recommended",
      needs: ["E3", "E5"],
      async run(context) {
        const { socket } = await context.once(orphan);
        return socket !== undefined && existsSync(socket) ? failed("no file", socket) : passed();
      },
    },
  ],
};

/** Asks a plugin to end, as go-plugin's host does: with its streams open. */
async function shutDown(context: CheckContext) {
  const session = await context.start();
  openStdio(session);
  openBroker(session);
  await outcome(session.isServing({ timeoutMs: ANSWER_MS }));
  const started = performance.now();
  // The answer may be lost with the connection; what counts is that the process ends.
  outcome(session.rpc.unary(ControllerService.shutdown, {}, { timeoutMs: SHUTDOWN_MS })).catch(() => {});
  const exit = await session.launched.exitWithin(SHUTDOWN_MS);
  return { ...session.handshake, exit, ms: performance.now() - started };
}

/** Has a host of its own start the plugin, kills the host once the plugin has shaken hands, and waits for the plugin's end. */
async function orphan(context: CheckContext) {
  await context.session();
  const { pid, socket } = await startUnderDoomedHost(context);
  const deadline = performance.now() + ORPHAN_MS;
  while (isRunning(pid) && performance.now() < deadline) await delay(50);
  const outlived = isRunning(pid);
  if (outlived) process.kill(pid, "SIGKILL");
  return { outlived, socket };
}

/**
 * Starts the plugin as a child of a shell, prints its process id, and lives until it is killed. Should this process end
 * before that, the plugin is killed.
 */
const DOOMED_HOST = `"$0" & echo "pid $!"; read -r _; kill -KILL $!`;

async function startUnderDoomedHost(context: CheckContext) {
  const env = await context.environment();
  const host = spawn("/bin/sh", ["-c", DOOMED_HOST, context.target.executable], {
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const lines = createInterface({ input: host.stdout });
  host.stderr.resume();
  try {
    const found = { pid: 0, line: "" };
    const report = new Promise<void>((resolve) => {
      lines.on("line", (line) => {
        const pid = /^pid (\d+)$/.exec(line)?.[1];
        if (pid !== undefined) found.pid = Number(pid);
        if (looksLikeHandshake(line)) found.line = line;
        if (found.pid > 0 && found.line !== "") resolve();
      });
    });
    await within(REPORT_MS, report);
    if (found.pid === 0 || found.line === "") throw new NotApplicable("the plugin did not shake hands with its host");
    const { network, address } = parseHandshake(found.line);
    return { pid: found.pid, socket: network === "unix" ? address : undefined };
  } finally {
    host.kill("SIGKILL");
    // With the host, its end of the plugin's pipes is gone.
    host.stdout.destroy();
    host.stderr.destroy();
  }
}
