import { decodeJson, decodeJsonData, type Frame } from "@framewright/data";
import {
  type PublishStreamResponse,
  type StreamPacket,
  type SubscribeStreamResponse,
  SubscribeStreamResponse_Status,
} from "@framewright/protocol";
import type { StreamStatus } from "../streams/stream-definition.js";

/** One message of a channel, as it goes out to the subscribers. */
export interface TestMessage {
  /** The message as JSON. Of a frame whose schema was sent before, it holds the rows alone. */
  readonly json: unknown;
  /** The frame that a subscriber makes of it; undefined for a message that is no frame. */
  readonly frame: Frame | undefined;
}

/** The answer to a subscriber. */
export interface TestSubscription {
  /** Whether they may. */
  readonly status: StreamStatus;
  /** Their first message; undefined where there is none. */
  readonly initialData: TestMessage | undefined;
}

/** The answer to a publication. */
export interface TestPublication {
  /** Whether they may. */
  readonly status: StreamStatus;
  /** What goes out to the channel; undefined where nothing does. */
  readonly data: TestMessage | undefined;
}

/** Reads the answer to a subscriber. */
export function fromSubscribeResponse({ status, data }: SubscribeStreamResponse): TestSubscription {
  return { status: readStatus(status), initialData: readMessage(data) };
}

/** Reads the answer to a publication, whose statuses are the same. */
export function fromPublishResponse({ status, data }: PublishStreamResponse): TestPublication {
  return { status: readStatus(status), data: readMessage(data) };
}

/** Reads the messages of a channel as a subscriber does, who knows the last schema. */
export async function* fromPackets(packets: AsyncIterable<StreamPacket>): AsyncGenerator<TestMessage> {
  let schema: Frame | undefined;
  for await (const { data } of packets) {
    const json = parse(data);
    if (hasSchema(json)) {
      schema = decodeJson(data);
      yield { json, frame: schema };
    } else {
      yield { json, frame: schema !== undefined && hasData(json) ? decodeJsonData(data, schema) : undefined };
    }
  }
}

function readMessage(data: Uint8Array): TestMessage | undefined {
  if (data.length === 0) {
    return undefined;
  }
  const json = parse(data);
  return { json, frame: hasSchema(json) ? decodeJson(data) : undefined };
}

function readStatus(status: number): StreamStatus {
  const { OK, NOT_FOUND } = SubscribeStreamResponse_Status;
  return status === OK ? "ok" : status === NOT_FOUND ? "notFound" : "permissionDenied";
}

function parse(data: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(data));
}

function hasSchema(json: unknown): boolean {
  return isObject(json) && "schema" in json && isObject(json.schema) && "fields" in json.schema;
}

function hasData(json: unknown): boolean {
  return isObject(json) && "data" in json && isObject(json.data) && "values" in json.data;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
