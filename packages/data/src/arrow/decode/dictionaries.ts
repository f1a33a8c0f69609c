import type { Column, TextColumnBase } from "../../column.js";
import { concatColumns } from "../../concat.js";
import { isTypedColumn } from "../../fixed-arrays.js";
import { NO_ROW, takeRows } from "../../take.js";
import { hasValue } from "../../value.js";
import { ArrowError } from "../arrow-error.js";
import type { BatchReader } from "./batch-reader.js";
import { damaged } from "./damaged.js";
import { readColumn, readFixed } from "./read-column.js";
import type { DecodedField } from "./schema.js";

/** The dictionaries of a file by their id. */
export type Dictionaries = ReadonlyMap<number, Column>;

/** One dictionary batch. */
export interface DictionaryBatch {
  readonly id: number;
  /** Whether it adds to the dictionary instead of being the whole of it. */
  readonly isDelta: boolean;
  readonly batch: BatchReader;
}

/** Reads the dictionaries that the fields refer to; those that no field does are passed over. */
export function readDictionaries(batches: readonly DictionaryBatch[], fields: readonly DecodedField[]): Dictionaries {
  const fieldsById = new Map<number, DecodedField>();
  for (const field of fields) {
    if (field.dictionary !== undefined && !fieldsById.has(field.dictionary.id)) {
      fieldsById.set(field.dictionary.id, field);
    }
  }
  const dictionaries = new Map<number, Column>();
  for (const { id, isDelta, batch } of batches) {
    const field = fieldsById.get(id);
    if (field === undefined) {
      continue;
    }
    const values = readColumn(batch, field.storage, field.name);
    const known = dictionaries.get(id);
    if (known !== undefined && !isDelta) {
      // Within a file there is no order of record batches by which one could tell which of two applies to which.
      throw new ArrowError(`field ${JSON.stringify(field.name)}: the Arrow file has its dictionary more than once`);
    }
    dictionaries.set(id, known === undefined ? values : concatColumns([known, values], field.name));
  }
  return dictionaries;
}

/** Reads the next field of a record batch, of which each row names a place in a dictionary, as a column of the values. */
export function readFromDictionary(
  batch: BatchReader,
  { name }: DecodedField,
  { id, indexType }: NonNullable<DecodedField["dictionary"]>,
  dictionaries: Dictionaries,
): Column {
  const places = readFixed(batch, indexType, batch.nextField(name), name);
  const dictionary = dictionaries.get(id);
  const rows = new Int32Array(places.length);
  for (let row = 0; row < places.length; row++) {
    const place = hasValue(places, row) ? Number(places.values[row]) : NO_ROW;
    if (place !== NO_ROW && !(place >= 0 && place < (dictionary?.length ?? 0))) {
      throw damaged(name, `the place ${place} is not in its dictionary of ${dictionary?.length ?? 0} values`, row);
    }
    rows[row] = place;
  }
  if (dictionary === undefined) {
    throw damaged(name, "its dictionary is missing");
  }
  if (!isTypedColumn(dictionary) && dictionary.type !== "boolean") {
    batch.spendExpansion(sizeOfTexts(dictionary, rows, name), name);
  }
  return takeRows(dictionary, rows);
}

function sizeOfTexts({ offsets }: TextColumnBase, rows: Int32Array, name: string): number {
  let total = 0;
  for (const [row, place] of rows.entries()) {
    total += place === NO_ROW ? 0 : (offsets[place + 1] ?? 0) - (offsets[place] ?? 0);
    if (total > 0x7fff_ffff) {
      throw damaged(name, "the texts exceed 2 GiB", row);
    }
  }
  return total;
}
