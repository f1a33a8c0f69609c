import { type LogEntry, type Plugin, PluginCallError, type QueryResult, startPlugin } from "@framewright/host";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildProbe, probeContext } from "../src/probe-plugin.js";

let executable: string;
let plugin: Plugin;
let logs: LogEntry[];

beforeAll(async () => {
  ({ executable } = await buildProbe());
});

beforeEach(async () => {
  logs = [];
  plugin = await startPlugin({ executable, onLog: (entry) => logs.push(entry) });
});

afterEach(() => plugin.stop());

async function ask(act: string, context = probeContext()): Promise<QueryResult | undefined> {
  return (await plugin.queryData({ context, queries: [{ refId: "A", json: { act } }] })).get("A");
}

function logged(message: string | RegExp): LogEntry | undefined {
  return logs.find((entry) => (typeof message === "string" ? entry.message === message : message.test(entry.message)));
}

describe("what a query handler throws becomes that query's error", () => {
  test.each([
    { act: "throw", error: "cannot read properties of undefined", status: 500, errorSource: "plugin" },
    { act: "throwString", error: "just text", status: 500, errorSource: "plugin" },
    { act: "downstream", error: "the table does not exist", status: 404, errorSource: "downstream" },
  ])("$act", async ({ act, ...answer }) => {
    expect(await ask(act)).toMatchObject({ ...answer, frames: [] });
    expect(await ask("answer")).toMatchObject({ status: 200 });
    const fields = { refId: "A", dsUid: "probe", status: answer.status };
    await expect.poll(() => logged("query failed")?.fields).toMatchObject(fields);
  });

  test.each([
    { act: "throwInTimer", error: "thrown in a timer", message: "uncaught exception" },
    { act: "forgetRejection", error: "rejected in a timer", message: "unhandled rejection" },
  ])("an error nobody catches fails the query it belongs to: $act", async ({ act, error, message }) => {
    expect(await ask(act)).toMatchObject({ error, status: 500, errorSource: "plugin" });
    await expect.poll(() => logged(message)).toMatchObject({ level: "error", fields: { refId: "A" } });
    expect(logged(message)?.fields["error"]).toMatch(new RegExp(`Error: ${error}\n\\s+at `));
    expect(await ask("answer")).toMatchObject({ status: 200 });
  });

  test("an exception nobody catches leaves the request's other queries alone", async () => {
    const queries = ["throwInTimer", "answer", "busy"].map((act) => ({ refId: act, json: { act } }));
    const answers = await plugin.queryData({ context: probeContext(), queries });
    expect([...answers].map(([refId, { status }]) => [refId, status])).toEqual([
      ["throwInTimer", 500],
      ["answer", 200],
      ["busy", 200],
    ]);
  });

  test("an error nobody catches after the answer is logged with its stack, and the process serves on", async () => {
    expect(await ask("late")).toMatchObject({ status: 200 });
    await expect.poll(() => logged("uncaught exception")?.fields["error"]).toMatch(/thrown after the answer\n\s+at /);
    await expect.poll(() => logged("unhandled rejection")?.fields["error"]).toMatch(/rejected and forgotten/);
    expect(await ask("answer")).toMatchObject({ status: 200 });
  });
});

describe("cancellation reaches the handler", () => {
  test("when the host cancels the call", async () => {
    const controller = new AbortController();
    const call = plugin.queryData(
      { context: probeContext(), queries: [{ refId: "A", json: { act: "wait" } }] },
      { signal: controller.signal },
    );
    await expect.poll(() => logged("waiting")).toBeDefined();
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => logged("query failed")).toMatchObject({ level: "debug" });
  });

  test("before the deadline passes, while there is time to say so", async () => {
    const queries = [{ refId: "A", json: { act: "wait" } }];
    const answers = await plugin.queryData({ context: probeContext(), queries }, { timeoutMs: 3_000 });
    expect(answers.get("A")).toMatchObject({ status: 504, errorSource: "downstream" });
    await expect.poll(() => logged("query failed")).toMatchObject({ level: "warn", fields: { refId: "A" } });
  });
});

describe("instances", () => {
  test("are opened once, and anew for settings that were saved later; the old one is disposed", async () => {
    await Promise.all([ask("answer"), ask("answer"), ask("answer")]);
    const first = await ask("answer");
    const second = await ask("answer", probeContext({ label: "two" }, new Date(2_000)));
    expect([first, second].map((answer) => answer?.frames[0]?.name)).toEqual(["one", "two"]);
    expect([first, second].map((answer) => answer?.frames[0]?.fields[0]?.column)).toMatchObject([
      { values: Float64Array.of(1) },
      { values: Float64Array.of(2) },
    ]);
    await expect.poll(() => logged("disposed probe one")).toBeDefined();
    await plugin.stop();
    expect(logged("disposed probe two")).toBeDefined();
  });

  test("are opened anew when Grafana's configuration changes", async () => {
    const configured = (label: string) => ({ ...probeContext(), grafanaConfig: { PROBE_LABEL: label } });
    const answers = [await ask("answer", configured("a")), await ask("answer", configured("b"))];
    expect(answers.map((answer) => answer?.frames[0]?.name)).toEqual(["a", "b"]);
  });

  test("that fail to open answer with their error, and are tried again", async () => {
    const refused = probeContext({ openFails: true });
    expect(await ask("answer", refused)).toMatchObject({ status: 503, errorSource: "downstream" });
    expect(await plugin.checkHealth(refused)).toMatchObject({
      status: "error",
      message: "the data source refused the connection",
    });
    const later = await ask("answer", probeContext({ label: "well" }, new Date(3_000)));
    expect(later?.frames[0]?.fields[0]?.column).toMatchObject({ values: Float64Array.of(3) });
  });
});

describe("resources", () => {
  test("get the request as the frontend sent it", async () => {
    const body = new TextEncoder().encode("données");
    const response = await plugin.callResource({ context: probeContext(), url: "echo?a=1&b=%20", method: "PUT", body });
    expect(await response.json()).toEqual({
      method: "PUT",
      path: "echo",
      url: "echo?a=1&b=%20",
      headers: {},
      body: Buffer.from(body).toString("base64"),
    });
  });

  test("stream their answer", async () => {
    const response = await plugin.callResource({ context: probeContext(), url: "stream" });
    expect(response.status).toBe(201);
    expect(response.headers.get("x-label")).toBe("one");
    const chunks: string[] = [];
    for await (const chunk of response.body ?? []) {
      chunks.push(new TextDecoder().decode(chunk));
    }
    expect(chunks).toEqual(["one ", "two ", "three"]);
  });

  test("keep their instance until the last chunk, also when the settings change meanwhile", async () => {
    const response = await plugin.callResource({ context: probeContext(), url: "slow" });
    const reader = response.body?.getReader();
    await reader?.read();
    await ask("answer", probeContext({ label: "two" }, new Date(2_000)));
    for (let i = 1; i < 10; i++) {
      const chunk = await reader?.read();
      expect(new TextDecoder().decode(chunk?.value)).toBe("open ");
    }
    await reader?.cancel();
    await expect.poll(() => logged("the body was cancelled")).toBeDefined();
    await expect.poll(() => logged("disposed probe one")).toBeDefined();
  });

  test("that throw answer 500 with the message", async () => {
    const response = await plugin.callResource({ context: probeContext(), url: "throw" });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: "resource failed" });
  });
});

test("what the author prints goes to the log and not to stdout, even while modules load", async () => {
  const ofTheLog = { level: "info", time: expect.any(Date) };
  expect(logged("printed while the module loads")).toMatchObject(ofTheLog);
  expect(logged("written while the module loads")).toMatchObject(ofTheLog);
  await ask("console");
  await expect.poll(() => logged("printed by the author")).toMatchObject(ofTheLog);
  await expect.poll(() => logged("written by a library")).toMatchObject(ofTheLog);
});

test("the first metrics know all CPU time the process has used", async () => {
  for (let i = 0; i < 5; i++) {
    await ask("busy");
  }
  const metrics = await plugin.collectMetrics(probeContext());
  expect(Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(0.5);
  const again = await plugin.collectMetrics(probeContext());
  expect(Number(/^process_cpu_seconds_total (\S+)$/m.exec(again)?.[1])).toBeLessThan(30);
  expect(metrics).not.toMatch(/nan/i);
});

test("a shutdown waits for calls in flight", async () => {
  const call = ask("busy");
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [answer, exit] = await Promise.all([call, plugin.stop()]);
  expect(answer).toMatchObject({ status: 200 });
  expect(exit).toEqual({ code: 0, signal: undefined, killed: false });
});

test("a shutdown does not wait for ever for a call that hangs", async () => {
  const call = ask("wait").catch((error: unknown) => error);
  await expect.poll(() => logged("waiting")).toBeDefined();
  expect(await plugin.stop()).toEqual({ code: 0, signal: undefined, killed: false });
  expect(await call).toBeInstanceOf(PluginCallError);
  expect(logged("disposed probe one")).toBeDefined();
});
