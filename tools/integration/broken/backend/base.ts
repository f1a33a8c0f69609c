import { tmpdir } from "node:os";
import { encodeArrow, frame, strings } from "@framewright/data";
import {
  type ConnInfo,
  formatLogEntry,
  type LogLevel,
  negotiateVersion,
  type ProtobufEmpty,
  type QueryChunkedDataRequest,
  type QueryChunkedDataResponse,
  type StdioData,
  type SubscribeStreamRequest,
  type SubscribeStreamResponse,
} from "@framewright/protocol";
import type { ServerReflectionRequest, ServerReflectionResponse } from "@framewright/protocol/reflection";
import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerDuplexStream,
  ServerWritableStream,
  StatusObject,
} from "@grpc/grpc-js";

const MEBIBYTE = 1024 * 1024;
const SERVING = 1;

type Env = Readonly<Record<string, string | undefined>>;

/** The queries of a request by refId; `undefined` where the query is not JSON. */
export type Asked = ReadonlyMap<string, unknown>;

/** The answer to one query. */
export interface Answer {
  readonly frames: Uint8Array[];
  readonly error: string;
  readonly status: number;
  readonly errorSource: string;
}

/** The steps of a plugin's life, each of which a deviation can replace. */
export interface Steps {
  knowsCookie(env: Env): boolean;
  readonly refusal: string;
  beforeHandshake(): void;
  afterHandshake(): void;
  readonly coreVersion: number;
  chooseVersion(offered: string | undefined): number;
  sixthField(serverCert: string): string;
  seventhField(env: Env): string;
  /** Where to listen on TCP; on a socket when it is `undefined`. */
  readonly tcpAddress: string | undefined;
  socketFolder(env: Env): string;
  readonly socketMode: number;
  readonly opensToGroup: boolean;
  clientCert(env: Env): string | undefined;
  readonly demandsClientCert: boolean;
  log(level: LogLevel, message: string): void;
  readonly maxReceiveBytes: number;
  /** The status of a service; `undefined` when it is not known. */
  health(service: string): 0 | 1 | 2 | undefined;
  decode<T>(deserialize: (bytes: Buffer) => T): (bytes: Buffer) => T;
  streamStdio(call: ServerWritableStream<ProtobufEmpty, StdioData>): void;
  startStream(call: ServerDuplexStream<ConnInfo, ConnInfo>): void;
  onCancelled(): void;
  /** Sees every unary call; what it returns refuses the call. */
  onCall(): Partial<StatusObject> | undefined;
  answers(asked: Asked, answer: (refId: string) => Answer): [string, Answer][];
  answer(refId: string, query: unknown): Answer;
  readonly healthDetails: string;
  readonly metrics: string;
  readonly resourceStatus: number;
  /** Handlers of what the base plugin does not serve. */
  readonly more: MoreHandlers;
  interrupted(end: () => void): void;
  shutDown(end: () => void): void;
  terminated(end: () => void): void;
  orphaned(end: () => void): void;
  readonly exitCode: number;
  readonly removesSocket: boolean;
}

/** RPCs that a plugin may leave out. */
export interface MoreHandlers {
  readonly queryChunkedData?: handleServerStreamingCall<QueryChunkedDataRequest, QueryChunkedDataResponse>;
  readonly subscribeStream?: handleUnaryCall<SubscribeStreamRequest, SubscribeStreamResponse>;
  readonly serverReflectionInfo?: handleBidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse>;
}

/** All of it done right. */
export const base: Steps = {
  knowsCookie: (env) => env["grafana_plugin_type"] === "datasource",
  refusal: "This is a Grafana plugin. Grafana starts it; it does nothing by itself.\n",
  beforeHandshake() {},
  afterHandshake() {},
  coreVersion: 1,
  chooseVersion: (offered) => negotiateVersion(offered, [2]),
  sixthField: (serverCert) => serverCert,
  seventhField: (env) => (env["PLUGIN_MULTIPLEX_GRPC"] ? "|false" : ""),
  tcpAddress: undefined,
  socketFolder: (env) => env["PLUGIN_UNIX_SOCKET_DIR"] || tmpdir(),
  socketMode: 0o600,
  opensToGroup: true,
  clientCert: (env) => env["PLUGIN_CLIENT_CERT"],
  demandsClientCert: true,
  log(level, message) {
    process.stderr.write(`${formatLogEntry({ level, message, time: new Date(), fields: {} })}\n`);
  },
  maxReceiveBytes: 16 * MEBIBYTE,
  health: (service) => (["", "plugin"].includes(service) ? SERVING : undefined),
  decode: (deserialize) => deserialize,
  streamStdio() {},
  startStream: (call) => void call.on("data", () => {}),
  onCancelled() {},
  onCall: () => undefined,
  answers: (asked, answer) => [...asked.keys()].map((refId) => [refId, answer(refId)]),
  answer(refId, query) {
    if (query === undefined) {
      return { frames: [], error: "the query is not JSON", status: 400, errorSource: "downstream" };
    }
    const echo = frame("echo", { query: strings([JSON.stringify(query).slice(0, 100)]) }, { refId });
    return { frames: [encodeArrow(echo)], error: "", status: 200, errorSource: "" };
  },
  healthDetails: "",
  metrics: "up 1\n",
  resourceStatus: 404,
  more: {},
  interrupted() {},
  shutDown: (end) => end(),
  terminated: (end) => end(),
  orphaned: (end) => end(),
  exitCode: 0,
  removesSocket: true,
};
