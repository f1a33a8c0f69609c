import { bitmapBytes } from "../../bitmap.js";
import type { Column, ColumnBase, TypedColumn } from "../../column.js";
import { makeTypedColumn } from "../../columns.js";
import type { FixedType } from "../../field-type.js";
import { bytesPerValue, fixedArrayOver } from "../../fixed-arrays.js";
import { INT64_MAX, INT64_MIN } from "../../int64.js";
import { hasValue } from "../../value.js";
import type { BatchReader } from "./batch-reader.js";
import { damaged } from "./damaged.js";
import { readTexts } from "./read-texts.js";
import type { Storage, TimeStorage } from "./storage.js";

/** Reads the next field of a record batch as a column. */
export function readColumn(batch: BatchReader, storage: Storage, name: string): Column {
  const base = batch.nextField(name);
  switch (storage.kind) {
    case "fixed":
      return readFixed(batch, storage.type, base, name);
    case "time":
      return readTimes(batch, storage, base, name);
    case "boolean":
      return { type: "boolean", ...base, values: batch.nextBuffer(bitmapBytes(base.length), name) };
    case "text":
      return readTexts(batch, storage, base, name);
  }
}

/** Reads the values of a field whose nulls are known. */
export function readFixed<T extends FixedType>(
  batch: BatchReader,
  type: T,
  base: ColumnBase,
  name: string,
): TypedColumn<T> {
  const bytes = batch.nextBuffer(base.length * bytesPerValue(type), name);
  return makeTypedColumn(type, fixedArrayOver(type, bytes, base.length), base);
}

function readTimes(
  batch: BatchReader,
  { width, factor }: TimeStorage,
  base: ColumnBase,
  name: string,
): TypedColumn<"time"> {
  const column = readFixed(batch, width, base, name);
  const most = INT64_MAX / factor;
  const least = INT64_MIN / factor;
  const nanoseconds = new BigInt64Array(base.length);
  for (let row = 0; row < base.length; row++) {
    if (hasValue(column, row)) {
      const value = BigInt(column.values[row] ?? 0);
      if (value > most || value < least) {
        throw damaged(name, "the time is outside the years 1677 to 2262 that nanoseconds can hold", row);
      }
      nanoseconds[row] = value * factor;
    }
  }
  return makeTypedColumn("time", nanoseconds, base);
}
