import type { ColumnType } from "./column-type.js";
import { text } from "./text-types.js";

/**
 * Which column type belongs to each type of a database, by the name or the number that its driver has for it. What the
 * table does not know becomes text, so that no column fails a query.
 *
 * ```ts
 * const typeOf = typeTable({ 16: boolean, 20: int64, 701: float64, 1700: decimal });
 * typeOf(701); // float64
 * ```
 *
 * @param fallback what all other types become. Default: {@link text}
 */
export function typeTable(
  types: Readonly<Record<string | number, ColumnType>>,
  fallback: ColumnType = text,
): (type: string | number) => ColumnType {
  const table = new Map(Object.entries(types));
  return (type) => table.get(String(type)) ?? fallback;
}
