import type {
  AdmissionRequest,
  ConversionRequest,
  ConversionResponse,
  LogEntry,
  MutationResponse,
  ValidationResponse,
} from "@framewright/protocol";
import type { HealthResult } from "../health-result.js";
import type { TestCallOptions } from "./in-process-call.js";
import type { TestChunk, TestQuery, TestQueryParams, TestQueryResult } from "./test-query.js";
import type { TestMessage, TestPublication, TestSubscription } from "./test-stream.js";

/** What goes with one call. */
export interface TestCall extends TestCallOptions {
  /** HTTP headers that come with this call, beside those that every call has. */
  readonly headers?: RequestInit["headers"];
}

/** A call about a channel of Grafana Live. */
export interface TestStreamCall extends TestCall {
  /** What goes along, as anything that JSON can hold: the subscriber's query, for example. */
  readonly data?: unknown;
}

/** A request of the frontend, as `fetch` takes one. */
export interface TestResourceInit extends RequestInit {
  /** How long the caller waits, in ms. */
  readonly timeoutMs?: number;
}

/**
 * Calls a plugin in this process as Grafana does: through its validation, instances, middleware, errors and redaction, and with
 * messages that are encoded and decoded, but without gRPC. A call fails with a {@link TestCallError} where Grafana would get a
 * status in place of an answer.
 *
 * @typeParam Setup how the plugin is saved: of a data source or of an app
 */
export interface TestClient<Setup> extends AsyncDisposable {
  /** Asks one query, by the refId `A` unless told otherwise. */
  query(json: unknown, call?: TestCall & TestQueryParams & { readonly refId?: string }): Promise<TestQueryResult>;
  /** Asks the queries of one request. The answers come by refId. */
  queries(queries: readonly TestQuery[], call?: TestCall): Promise<ReadonlyMap<string, TestQueryResult>>;
  /** Asks one query for an answer in pieces. The call begins with the loop over them and is cancelled when the loop is left. */
  queryChunked(
    json: unknown,
    call?: TestCall & TestQueryParams & { readonly refId?: string },
  ): AsyncGenerator<TestChunk, void>;
  /** Presses "Save & test". */
  checkHealth(call?: TestCall): Promise<HealthResult>;
  /**
   * Sends a request of the frontend. The body of the answer streams, and cancelling it cancels the call.
   *
   * @param input the path below the plugin's resource root, with its query string: `cities?limit=2`; or a request, of whose URL path and
   *   query count. It reaches the plugin as Grafana passes it on, which decodes the path: `a%2Fb` arrives as `a/b`
   */
  resource(input: string | Request, init?: TestResourceInit): Promise<Response>;
  /** Asks whether someone may listen to a channel. */
  subscribe(path: string, call?: TestStreamCall): Promise<TestSubscription>;
  /** Asks whether someone may publish to a channel. */
  publish(path: string, data: unknown, call?: TestCall): Promise<TestPublication>;
  /** Runs a channel. The call begins with the loop over its messages and is cancelled when the loop is left. */
  run(path: string, call?: TestStreamCall): AsyncGenerator<TestMessage, void>;
  /** The process's metrics as Prometheus text. */
  collectMetrics(call?: TestCall): Promise<string>;
  /** Asks whether an object may be stored, with the messages as they are on the wire. */
  validateAdmission(request: Partial<AdmissionRequest>, call?: TestCallOptions): Promise<ValidationResponse>;
  /** Asks whether an object may be stored, and in what form, with the messages as they are on the wire. */
  mutateAdmission(request: Partial<AdmissionRequest>, call?: TestCallOptions): Promise<MutationResponse>;
  /** Has stored objects converted, with the messages as they are on the wire. */
  convertObjects(request: Partial<ConversionRequest>, call?: TestCallOptions): Promise<ConversionResponse>;
  /**
   * The same plugin with something else saved, or called by someone else. Instances are shared as in Grafana: after a change of what
   * is saved, the next call opens a new one and the old one is disposed. This client goes on calling with what it had.
   *
   * @param changes what is given takes the place of what was
   */
  with(changes: Setup): TestClient<Setup>;
  /** What the calls have logged so far, as Grafana would read it: without secrets. What `log` writes outside of calls is on stderr. */
  readonly logs: readonly LogEntry[];
  /** Gives up the calls under way and disposes the instances, as at the plugin's end. Later calls fail. */
  dispose(): Promise<void>;
}
