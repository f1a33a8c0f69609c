import { DataResponse, type QueryDataResponse } from "../generated/pluginv2/data.js";

/**
 * Encoders for the messages that carry whole frames or bodies. The generated encoder grows one buffer by doubling and
 * copies it again when it is done; these compute the size first and copy each payload once, into its final place.
 * Wire format: https://protobuf.dev/programming-guides/encoding
 */

const LENGTH_DELIMITED = 2;
const MAP_KEY_FIELD = 1;
const MAP_VALUE_FIELD = 2;
const RESPONSES_FIELD = 1;
const FRAMES_FIELD = 1;

/** Encodes a `pluginv2.QueryDataResponse`, copying each frame's bytes once. */
export function encodeQueryDataResponse(message: QueryDataResponse): Buffer {
  const entries = [...message.responses].map(([refId, response]) => {
    const key = Buffer.from(refId, "utf8");
    const head = DataResponse.encode({ ...response, frames: [] }).finish();
    const valueSize = response.frames.reduce(
      (size, frame) => size + fieldSize(FRAMES_FIELD, frame.length),
      head.length,
    );
    const entrySize = fieldSize(MAP_KEY_FIELD, key.length) + fieldSize(MAP_VALUE_FIELD, valueSize);
    return { key, head, frames: response.frames, valueSize, entrySize };
  });
  const total = entries.reduce((size, entry) => size + fieldSize(RESPONSES_FIELD, entry.entrySize), 0);
  const out = Buffer.allocUnsafe(total);
  let at = 0;
  for (const { key, head, frames, valueSize, entrySize } of entries) {
    at = writeHeader(out, at, RESPONSES_FIELD, entrySize);
    at = writeField(out, at, MAP_KEY_FIELD, key);
    at = writeHeader(out, at, MAP_VALUE_FIELD, valueSize);
    out.set(head, at);
    at += head.length;
    for (const frame of frames) {
      at = writeField(out, at, FRAMES_FIELD, frame);
    }
  }
  return out;
}

/**
 * Encodes a message that has one large `bytes` field at its top level.
 *
 * @param head the message encoded without that field
 * @param field the field's number
 * @param payload the field's value; nothing is added when it is empty, as proto3 leaves default values out
 */
export function encodeWithPayload(head: Uint8Array, field: number, payload: Uint8Array): Buffer {
  if (payload.length === 0) {
    return asBuffer(head);
  }
  const out = Buffer.allocUnsafe(head.length + fieldSize(field, payload.length));
  out.set(head, 0);
  writeField(out, head.length, field, payload);
  return out;
}

/** The same bytes as a `Buffer`, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function fieldSize(field: number, length: number): number {
  return varintSize(tagOf(field)) + varintSize(length) + length;
}

function writeField(out: Uint8Array, at: number, field: number, payload: Uint8Array): number {
  const start = writeHeader(out, at, field, payload.length);
  out.set(payload, start);
  return start + payload.length;
}

function writeHeader(out: Uint8Array, at: number, field: number, length: number): number {
  return writeVarint(out, writeVarint(out, at, tagOf(field)), length);
}

function tagOf(field: number): number {
  return (field << 3) | LENGTH_DELIMITED;
}

/** Lengths stay below 2^32: a message is one Buffer. */
function varintSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) {
    size++;
  }
  return size;
}

function writeVarint(out: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value >>> 0;
  while (rest > 0x7f) {
    out[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out[at++] = rest;
  return at;
}
