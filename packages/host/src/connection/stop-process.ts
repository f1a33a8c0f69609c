import { ControllerService } from "@framewright/protocol";
import type { Client } from "@grpc/grpc-js";
import { callUnary } from "../client/grpc-call.js";
import type { StopResult } from "../plugin.js";
import type { ExitStatus } from "../process/exit-status.js";

/** How long a plugin may take to end after it was asked to, in ms; go-plugin's figure. */
const STOP_MS = 2_000;

/** Asks a plugin to shut down, and kills it when it is still there 2 s later. Source: go-plugin's client.go, `Kill`. */
export async function stopProcess(client: Client, exited: Promise<ExitStatus>, kill: () => void): Promise<StopResult> {
  void askToShutDown(client);
  let killed = false;
  const timer = setTimeout(() => {
    killed = true;
    kill();
  }, STOP_MS);
  const exit = await exited;
  clearTimeout(timer);
  return { ...exit, killed };
}

/** Asks a plugin to shut down. The answer may be lost with the connection; what counts is that the process ends. */
export async function askToShutDown(client: Client): Promise<void> {
  await callUnary(client, ControllerService.shutdown, {}, { timeoutMs: STOP_MS }).catch(() => {});
}
