import { decodeUtf8Strictly } from "../../utf8.js";
import { ArrowError } from "../arrow-error.js";

/**
 * Reads FlatBuffers that nobody vouches for. The generated readers of the `flatbuffers` package trust their input;
 * here each read is checked against the buffer's end.
 * https://flatbuffers.dev/internals/
 */
interface FlatBuffer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** What may still be read, so that many references to one long text or list cost no more than the bytes justify. */
  budget: number;
}

/** A table of a {@link FlatBuffer}. Its members are told apart by their number in the schema, from 0. */
export interface FlatTable {
  readonly buffer: FlatBuffer;
  readonly position: number;
  readonly vtable: number;
  readonly vtableBytes: number;
}

/** A vector of a {@link FlatBuffer}: its length is known to fit. */
export interface FlatVector {
  readonly buffer: FlatBuffer;
  /** Of the first element. */
  readonly position: number;
  readonly length: number;
}

/** How often each byte may be read on average; writers may share texts and tables. */
const READS_PER_BYTE = 16;

/** What reading a table costs: the bytes of the smallest one with the reference to it. */
const TABLE_COST = 8;

/** The root table of the FlatBuffer that `bytes` are. */
export function rootTable(bytes: Uint8Array): FlatTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const buffer: FlatBuffer = { bytes, view, budget: bytes.length * READS_PER_BYTE };
  return tableAt(buffer, follow(buffer, 0));
}

/** An unsigned byte, 0 where it is absent. */
export function uint8Of(table: FlatTable, member: number): number {
  const at = memberAt(table, member, 1);
  return at === 0 ? 0 : table.buffer.view.getUint8(at);
}

/** A 16-bit integer, `absent` where it is absent. */
export function int16Of(table: FlatTable, member: number, absent = 0): number {
  const at = memberAt(table, member, 2);
  return at === 0 ? absent : table.buffer.view.getInt16(at, true);
}

/** A 32-bit integer, 0 where it is absent. */
export function int32Of(table: FlatTable, member: number): number {
  const at = memberAt(table, member, 4);
  return at === 0 ? 0 : table.buffer.view.getInt32(at, true);
}

/** A 64-bit length or position, 0 where it is absent. */
export function sizeOf(table: FlatTable, member: number): number {
  const at = memberAt(table, member, 8);
  return at === 0 ? 0 : sizeAt(table.buffer, at);
}

/** A 64-bit length or position at a place within the buffer. */
export function sizeAt(buffer: FlatBuffer, position: number): number {
  const value = Number(buffer.view.getBigInt64(position, true));
  if (!Number.isSafeInteger(value) || value < 0) {
    throw damaged(`a length or position of ${value}`);
  }
  return value;
}

/** A table that is a member of `table`. */
export function tableOf(table: FlatTable, member: number): FlatTable | undefined {
  const at = memberAt(table, member, 4);
  return at === 0 ? undefined : tableAt(table.buffer, follow(table.buffer, at));
}

/** A text, `undefined` where it is absent. It must be UTF-8. */
export function textOf(table: FlatTable, member: number): string | undefined {
  const bytes = bytesOf(table, member);
  try {
    return bytes && decodeUtf8Strictly(bytes);
  } catch {
    throw damaged("a text that is not valid UTF-8");
  }
}

/** The bytes of what should be a text, `undefined` where it is absent. */
export function bytesOf(table: FlatTable, member: number): Uint8Array | undefined {
  const vector = vectorOf(table, member, 1);
  if (vector === undefined) {
    return undefined;
  }
  const { buffer, position, length } = vector;
  spend(buffer, length);
  return buffer.bytes.subarray(position, position + length);
}

/** A vector of elements of `elementBytes` bytes, `undefined` where it is absent. */
export function vectorOf(table: FlatTable, member: number, elementBytes: number): FlatVector | undefined {
  const at = memberAt(table, member, 4);
  if (at === 0) {
    return undefined;
  }
  const { buffer } = table;
  const start = follow(buffer, at);
  const length = buffer.view.getUint32(start, true);
  check(buffer, start + 4, length * elementBytes);
  return { buffer, position: start + 4, length };
}

/** The tables of a vector. */
export function tablesOf(table: FlatTable, member: number): FlatTable[] {
  const vector = vectorOf(table, member, 4);
  const tables: FlatTable[] = [];
  for (let i = 0; vector !== undefined && i < vector.length; i++) {
    tables.push(tableAt(vector.buffer, follow(vector.buffer, vector.position + i * 4)));
  }
  return tables;
}

function tableAt(buffer: FlatBuffer, position: number): FlatTable {
  spend(buffer, TABLE_COST);
  const vtable = position - buffer.view.getInt32(position, true);
  check(buffer, vtable, 4);
  const vtableBytes = buffer.view.getUint16(vtable, true);
  check(buffer, vtable, vtableBytes);
  return { buffer, position, vtable, vtableBytes };
}

/** Where a member's `size` bytes lie, 0 if the table does not have it. */
function memberAt(table: FlatTable, member: number, size: number): number {
  const slot = 4 + member * 2;
  if (slot + 2 > table.vtableBytes) {
    return 0;
  }
  const offset = table.buffer.view.getUint16(table.vtable + slot, true);
  if (offset === 0) {
    return 0;
  }
  check(table.buffer, table.position + offset, size);
  return table.position + offset;
}

/** Where the reference at `position` leads; at least 4 bytes can be read there. */
function follow(buffer: FlatBuffer, position: number): number {
  check(buffer, position, 4);
  const target = position + buffer.view.getUint32(position, true);
  check(buffer, target, 4);
  return target;
}

function spend(buffer: FlatBuffer, cost: number): void {
  buffer.budget -= cost;
  if (buffer.budget < 0) {
    throw damaged("far more content than there are bytes for");
  }
}

function check(buffer: FlatBuffer, position: number, size: number): void {
  if (position < 0 || position + size > buffer.bytes.length) {
    throw damaged("a reference beyond its end");
  }
}

function damaged(what: string): ArrowError {
  return new ArrowError(`the Arrow metadata is damaged: it has ${what}`);
}
