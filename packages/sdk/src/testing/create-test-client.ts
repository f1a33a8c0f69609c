import {
  AdmissionRequest,
  CheckHealthRequest,
  CheckHealthResponse_HealthStatus,
  CollectMetricsRequest,
  ConversionRequest,
  type LogEntry,
  type PluginContext,
  PublishStreamRequest,
  parseLogEntry,
  QueryChunkedDataRequest,
  QueryDataRequest,
  RunStreamRequest,
  SubscribeStreamRequest,
} from "@framewright/protocol";
import { toForwardedHeaders } from "../calls/forwarded-headers.js";
import type { Plugin } from "../handlers.js";
import type { HealthResult } from "../health-result.js";
import { createLogger } from "../log/logger.js";
import { type CallsInFlight, createCallsInFlight } from "../server/calls/calls-in-flight.js";
import type { CallEnvironment } from "../server/calls/running-call.js";
import { callInProcess, streamInProcess } from "./in-process-call.js";
import { rpcs } from "./in-process-rpcs.js";
import type { TestCall, TestClient, TestStreamCall } from "./test-client.js";
import { fromChunk, fromDataResponse, type TestQueryResult, toQueryRequest } from "./test-query.js";
import { toResourceRequest, toResponse } from "./test-resource.js";
import { type AppSetup, type DataSourceSetup, type TestSetup, toDataSourceRef, toPluginContext } from "./test-setup.js";
import { fromPackets, fromPublishResponse, fromSubscribeResponse } from "./test-stream.js";

/** A plugin under test, which all its clients share. */
interface TestedPlugin extends CallEnvironment {
  readonly plugin: Plugin;
  readonly inFlight: CallsInFlight;
  readonly logs: readonly LogEntry[];
  /** When something is saved the next time, in ms since 1970. */
  nextUpdate: number;
}

/** When a test saves for the first time, unless it says so: 2026-01-01. */
const FIRST_UPDATE_MS = Date.UTC(2026, 0, 1);

/** Makes a client of a plugin that nobody else calls. */
export function createTestClient(plugin: Plugin, setup: TestSetup): TestClient<AppSetup & DataSourceSetup> {
  const logs: LogEntry[] = [];
  const log = createLogger((line) => {
    const entry = parseLogEntry(line);
    if (entry !== undefined) {
      logs.push(entry);
    }
  });
  return clientOf({ plugin, inFlight: createCallsInFlight(), log, logs, nextUpdate: FIRST_UPDATE_MS }, save(setup));

  function save(first: TestSetup): TestSetup {
    return withSaved(first, { updated: new Date(FIRST_UPDATE_MS), ...first.saved });
  }
}

/** Members of a setup that are not saved: a change of them opens no new instance. */
const unsaved = new Set(["user", "orgId", "namespace", "headers", "grafanaConfig", "userAgent", "uid", "updated"]);

function clientOf(tested: TestedPlugin, setup: TestSetup): TestClient<AppSetup & DataSourceSetup> {
  const { plugin, inFlight, logs } = tested;
  const { handlers } = plugin;
  const always = new Headers(setup.saved.headers);
  const dataSource = toDataSourceRef(plugin.pluginId, setup);

  function pluginContext(): PluginContext {
    return toPluginContext(plugin.pluginId, setup);
  }
  function headersOf(call: TestCall | undefined): Headers {
    const headers = new Headers(always);
    for (const [name, value] of new Headers(call?.headers)) {
      headers.set(name, value);
    }
    return headers;
  }
  function common(call: TestCall | undefined) {
    return { pluginContext: pluginContext(), headers: toForwardedHeaders(headersOf(call)) };
  }
  function streamRequest(path: string, data: unknown, call: TestCall | undefined) {
    const json = data === undefined ? "" : JSON.stringify(data);
    return { ...common(call), path, data: new TextEncoder().encode(json) };
  }
  async function queries(...[asked, call]: Parameters<TestClient<unknown>["queries"]>) {
    const request = QueryDataRequest.fromPartial({ ...common(call), ...toQueryRequest(asked, dataSource) });
    const { responses } = await callInProcess(rpcs.queryData, handlers.queryData, request, tested, call ?? {});
    return new Map([...responses].map(([refId, response]) => [refId, fromDataResponse(response)]));
  }

  return {
    queries,
    async query(json, call = {}): Promise<TestQueryResult> {
      const { refId = "A" } = call;
      const answers = await queries([{ ...call, refId, json }], call);
      const answer = answers.get(refId);
      if (answer === undefined) {
        throw new TypeError(`the plugin gave no answer to the query ${JSON.stringify(refId)}`);
      }
      return answer;
    },
    async *queryChunked(json, call = {}) {
      const asked = toQueryRequest([{ ...call, refId: call.refId ?? "A", json }], dataSource);
      const request = QueryChunkedDataRequest.fromPartial({ ...common(call), ...asked });
      for await (const chunk of streamInProcess(
        rpcs.queryChunkedData,
        handlers.queryChunkedData,
        request,
        tested,
        call,
      )) {
        yield fromChunk(chunk);
      }
    },
    async checkHealth(call = {}): Promise<HealthResult> {
      const request = CheckHealthRequest.fromPartial(common(call));
      const { status, message, jsonDetails } = await callInProcess(
        rpcs.checkHealth,
        handlers.checkHealth,
        request,
        tested,
        call,
      );
      const details = jsonDetails.length === 0 ? {} : { details: JSON.parse(new TextDecoder().decode(jsonDetails)) };
      const { OK, ERROR } = CheckHealthResponse_HealthStatus;
      return { status: status === OK ? "ok" : status === ERROR ? "error" : "unknown", message, ...details };
    },
    async resource(input, init = {}) {
      const request = await toResourceRequest(input, init, always);
      const cancelled = new AbortController();
      const signal = AbortSignal.any([cancelled.signal, ...(init.signal ? [init.signal] : [])]);
      const options = { signal, timeoutMs: init.timeoutMs };
      const asked = { ...request, pluginContext: pluginContext() };
      return toResponse(streamInProcess(rpcs.callResource, handlers.callResource, asked, tested, options), () =>
        cancelled.abort(),
      );
    },
    async subscribe(path, call: TestStreamCall = {}) {
      const request = SubscribeStreamRequest.fromPartial(streamRequest(path, call.data, call));
      return fromSubscribeResponse(
        await callInProcess(rpcs.subscribeStream, handlers.subscribeStream, request, tested, call),
      );
    },
    async publish(path, data, call = {}) {
      const request = PublishStreamRequest.fromPartial(streamRequest(path, data, call));
      return fromPublishResponse(
        await callInProcess(rpcs.publishStream, handlers.publishStream, request, tested, call),
      );
    },
    run(path, call: TestStreamCall = {}) {
      const request = RunStreamRequest.fromPartial(streamRequest(path, call.data, call));
      return fromPackets(streamInProcess(rpcs.runStream, handlers.runStream, request, tested, call));
    },
    async collectMetrics(call = {}) {
      const request = CollectMetricsRequest.fromPartial({ pluginContext: pluginContext() });
      const { metrics } = await callInProcess(rpcs.collectMetrics, handlers.collectMetrics, request, tested, call);
      return new TextDecoder().decode(metrics?.prometheus);
    },
    async validateAdmission(part, call = {}) {
      const request = AdmissionRequest.fromPartial({ pluginContext: pluginContext(), ...part });
      return callInProcess(rpcs.validateAdmission, handlers.validateAdmission, request, tested, call);
    },
    async mutateAdmission(part, call = {}) {
      const request = AdmissionRequest.fromPartial({ pluginContext: pluginContext(), ...part });
      return callInProcess(rpcs.mutateAdmission, handlers.mutateAdmission, request, tested, call);
    },
    async convertObjects(part, call = {}) {
      const request = ConversionRequest.fromPartial({ pluginContext: pluginContext(), ...part });
      return callInProcess(rpcs.convertObjects, handlers.convertObjects, request, tested, call);
    },
    with(changes) {
      const isSaved = Object.keys(changes).some((name) => !unsaved.has(name));
      if (isSaved) {
        tested.nextUpdate += 1_000;
      }
      const updated = isSaved ? { updated: new Date(tested.nextUpdate) } : {};
      return clientOf(tested, withSaved(setup, { ...setup.saved, ...updated, ...changes }));
    },
    logs,
    async dispose() {
      await inFlight.drain(0);
      await plugin.dispose();
    },
    async [Symbol.asyncDispose]() {
      await this.dispose();
    },
  };
}

function withSaved(setup: TestSetup, saved: AppSetup & DataSourceSetup): TestSetup {
  return { kind: setup.kind, saved };
}
