import { DataResponse, type QueryDataResponse } from "../generated/pluginv2/data.js";

/**
 * Encoders for the messages that carry whole frames or bodies. The generated encoder grows one buffer by doubling and
 * copies it again when it is done; these give a message as parts that belong one behind the other, and the payloads among
 * them are not copied at all. Wire format: https://protobuf.dev/programming-guides/encoding
 */

const LENGTH_DELIMITED = 2;
const MAP_KEY_FIELD = 1;
const MAP_VALUE_FIELD = 2;
const RESPONSES_FIELD = 1;
const FRAMES_FIELD = 1;

/** A `pluginv2.QueryDataResponse` in parts; the frames are some of them. */
export function queryDataResponseParts({ responses }: QueryDataResponse): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const [refId, response] of responses) {
    const key = Buffer.from(refId, "utf8");
    const head = DataResponse.encode({ ...response, frames: [] }).finish();
    const { frames } = response;
    const valueSize = frames.reduce((size, frame) => size + fieldSize(FRAMES_FIELD, frame.length), head.length);
    const keySize = fieldSize(MAP_KEY_FIELD, key.length);
    const entry = Buffer.allocUnsafe(MAX_HEADER + keySize + MAX_HEADER + head.length);
    let at = writeHeader(entry, 0, RESPONSES_FIELD, keySize + fieldSize(MAP_VALUE_FIELD, valueSize));
    at = writeField(entry, at, MAP_KEY_FIELD, key);
    at = writeHeader(entry, at, MAP_VALUE_FIELD, valueSize);
    entry.set(head, at);
    parts.push(entry.subarray(0, at + head.length));
    for (const frame of frames) {
      parts.push(headerOf(FRAMES_FIELD, frame.length), frame);
    }
  }
  return parts;
}

/**
 * A message that has one large `bytes` field at its top level, in parts.
 *
 * @param head the message encoded without that field
 * @param field the field's number
 * @param payload the field's value; nothing is added when it is empty, as proto3 leaves default values out
 */
export function partsWithPayload(head: Uint8Array, field: number, payload: Uint8Array): Uint8Array[] {
  return payload.length === 0 ? [head] : [head, headerOf(field, payload.length), payload];
}

/** Parts in one piece. A single part is not copied. */
export function joinParts(parts: readonly Uint8Array[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? asBuffer(first) : Buffer.concat(parts);
}

/** The same bytes as a `Buffer`, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Most bytes of a field's number and length. */
const MAX_HEADER = 10;

function headerOf(field: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(MAX_HEADER);
  return header.subarray(0, writeHeader(header, 0, field, length));
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
