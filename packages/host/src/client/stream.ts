import {
  PublishStreamRequest,
  type PublishStreamResponse,
  type PublishStreamResponse_Status,
  RunStreamRequest,
  type StreamPacket,
  SubscribeStreamRequest,
  type SubscribeStreamResponse,
  SubscribeStreamResponse_Status,
} from "@framewright/protocol";
import { type PluginContextInput, toWireContext } from "./plugin-context.js";

/** A call about one Grafana Live channel of a plugin. */
export interface StreamCall {
  /** Where the call comes from. */
  readonly context: PluginContextInput;
  /** The channel's path within the plugin. */
  readonly path: string;
  /** What goes along, as JSON text: the subscriber's query, or the publication itself. Nothing unless given. */
  readonly data?: Uint8Array;
  /** Headers as they are on the wire, where an HTTP header's name begins with `http_`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a plugin says to a subscriber or a publication. */
export type StreamStatus = "ok" | "notFound" | "permissionDenied";

/** A plugin's answer to a subscriber. */
export interface SubscribeResult {
  /** Whether they may. */
  readonly status: StreamStatus;
  /** The subscriber's first message, as JSON text; absent when the plugin sent none. */
  readonly initialData: Uint8Array | undefined;
}

/** A plugin's answer to a publication. */
export interface PublishResult {
  /** Whether they may. */
  readonly status: StreamStatus;
  /** What goes out to the channel, as JSON text; absent when nothing does. */
  readonly data: Uint8Array | undefined;
}

/** One message for a channel. */
export interface StreamMessage {
  /** JSON text. */
  readonly data: Uint8Array;
  /**
   * The message, parsed.
   *
   * @throws SyntaxError when the plugin sent no JSON
   */
  json(): unknown;
}

/** Writes the request message. */
export function toSubscribeStreamRequest(call: StreamCall): SubscribeStreamRequest {
  return SubscribeStreamRequest.fromPartial(streamFields(call));
}

/** Writes the request message. */
export function toPublishStreamRequest(call: StreamCall): PublishStreamRequest {
  return PublishStreamRequest.fromPartial(streamFields(call));
}

/** Writes the request message. */
export function toRunStreamRequest(call: StreamCall): RunStreamRequest {
  return RunStreamRequest.fromPartial(streamFields(call));
}

/** Reads the answer. */
export function fromSubscribeStreamResponse({ status, data }: SubscribeStreamResponse): SubscribeResult {
  return { status: streamStatus(status), initialData: data.length === 0 ? undefined : data };
}

/** Reads the answer. */
export function fromPublishStreamResponse({ status, data }: PublishStreamResponse): PublishResult {
  return { status: streamStatus(status), data: data.length === 0 ? undefined : data };
}

/** Reads one message. */
export function fromStreamPacket({ data }: StreamPacket): StreamMessage {
  return { data, json: () => JSON.parse(new TextDecoder().decode(data)) };
}

/** Both messages have the same statuses. One that this host does not know is no permission. */
function streamStatus(status: SubscribeStreamResponse_Status | PublishStreamResponse_Status): StreamStatus {
  const { OK, NOT_FOUND } = SubscribeStreamResponse_Status;
  return status === OK ? "ok" : status === NOT_FOUND ? "notFound" : "permissionDenied";
}

function streamFields({ context, path, data, headers }: StreamCall) {
  return {
    pluginContext: toWireContext(context),
    path,
    data: data ?? new Uint8Array(0),
    headers: new Map(Object.entries(headers ?? {})),
  };
}
