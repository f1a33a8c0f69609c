import type { FixedArrays, TypedColumn } from "./column.js";
import type { FixedType } from "./field-type.js";

interface FixedArrayConstructor<A> {
  new (length: number): A;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
  readonly BYTES_PER_ELEMENT: number;
}

const constructors: { readonly [T in FixedType]: FixedArrayConstructor<FixedArrays[T]> } = {
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

/** Whether the values of `type` lie in a typed array. */
export function isFixedType(type: string): type is FixedType {
  return Object.hasOwn(constructors, type);
}

/** Whether the values of a column lie in a typed array, one element a row. */
export function isTypedColumn(column: { readonly type: string }): column is TypedColumn {
  return isFixedType(column.type);
}

/** Bytes that a value of `type` takes. */
export function bytesPerValue(type: FixedType): number {
  return constructors[type].BYTES_PER_ELEMENT;
}

/** An array for `length` values of `type`, all 0. */
export function newFixedArray<T extends FixedType>(type: T, length: number): FixedArrays[T] {
  return new constructors[type](length);
}

/**
 * `length` values of `type` in `bytes`, which must hold as many: a view where the bytes begin at a multiple of a value's
 * size, as a typed array demands, else a copy.
 */
export function fixedArrayOver<T extends FixedType>(type: T, bytes: Uint8Array, length: number): FixedArrays[T] {
  const size = bytesPerValue(type);
  const memory = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes.subarray(0, length * size));
  return new constructors[type](memory.buffer, memory.byteOffset, length);
}

/** The bytes of the first `length` values, not copied. */
export function bytesOfFixedArray(values: FixedArrays[FixedType], length: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, length * values.BYTES_PER_ELEMENT);
}
