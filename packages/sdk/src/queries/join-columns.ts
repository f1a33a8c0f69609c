import {
  type BooleanColumn,
  booleanColumn,
  type Column,
  type ColumnBase,
  emptyBitmap,
  type FixedArrays,
  type FixedType,
  getBit,
  type JsonColumn,
  jsonColumn,
  type StringColumn,
  setBit,
  stringColumn,
  type TypedColumn,
  typedColumn,
} from "@framewright/data";

/** The typed array of each type of a fixed width. */
const arrays: { readonly [T in FixedType]: new (buffer: ArrayBuffer) => FixedArrays[T] } = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  time: BigInt64Array,
  enum: Uint16Array,
};

/**
 * The rows of several columns of one type, in one.
 *
 * @throws FrameError when texts come to more than 2 GiB
 */
export function joinColumns(columns: readonly [Column, ...Column[]]): Column {
  const [{ type }] = columns;
  switch (type) {
    case "string":
      return joinTexts(
        stringColumn,
        columns.filter((column) => column.type === "string"),
      );
    case "json":
      return joinTexts(
        jsonColumn,
        columns.filter((column) => column.type === "json"),
      );
    case "boolean":
      return joinBooleans(columns.filter((column) => column.type === "boolean"));
    default:
      return joinTyped(type, columns.filter(isTyped));
  }
}

function isTyped(column: Column): column is TypedColumn {
  return column.type in arrays;
}

function joinTyped<T extends FixedType>(type: T, columns: readonly TypedColumn[]): TypedColumn<T> {
  const width = columns[0]?.values.BYTES_PER_ELEMENT ?? 1;
  const bytes = new Uint8Array(rowsOf(columns) * width);
  let offset = 0;
  for (const { values, length } of columns) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, length * width), offset);
    offset += length * width;
  }
  return typedColumn(type, new arrays[type](bytes.buffer), joinValidity(columns));
}

function joinTexts<C extends StringColumn | JsonColumn>(
  make: (offsets: Int32Array, bytes: Uint8Array, validity?: Uint8Array) => C,
  columns: readonly (StringColumn | JsonColumn)[],
): C {
  const offsets = new Int32Array(rowsOf(columns) + 1);
  const parts: Uint8Array[] = [];
  let row = 0;
  let size = 0;
  for (const column of columns) {
    const first = column.offsets[0] ?? 0;
    for (let i = 1; i <= column.length; i++) {
      offsets[++row] = size + (column.offsets[i] ?? 0) - first;
    }
    const part = column.bytes.subarray(first, column.offsets[column.length] ?? first);
    parts.push(part);
    size += part.length;
  }
  // Beyond 2 GiB the offsets have become negative, which is refused.
  return make(offsets, joinBytes(parts, size), joinValidity(columns));
}

function joinBytes(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function joinBooleans(columns: readonly BooleanColumn[]): BooleanColumn {
  const length = rowsOf(columns);
  return booleanColumn(
    joinBits(
      length,
      columns.map(({ values, length }) => [length, values]),
    ),
    length,
    joinValidity(columns),
  );
}

function joinValidity(columns: readonly ColumnBase[]): Uint8Array | undefined {
  return columns.some(({ validity }) => validity !== undefined)
    ? joinBits(
        rowsOf(columns),
        columns.map(({ validity, length }) => [length, validity]),
      )
    : undefined;
}

/** Bitmaps behind each other; one that is absent is all 1. */
function joinBits(
  total: number,
  parts: readonly (readonly [length: number, bits: Uint8Array | undefined])[],
): Uint8Array {
  const joined = emptyBitmap(total);
  let row = 0;
  for (const [length, bits] of parts) {
    for (let i = 0; i < length; i++, row++) {
      if (bits === undefined || getBit(bits, i)) {
        setBit(joined, row);
      }
    }
  }
  return joined;
}

function rowsOf(columns: readonly ColumnBase[]): number {
  return columns.reduce((rows, { length }) => rows + length, 0);
}
