import { type Frame, type FrameMeta, field, frame } from "@framewright/data";
import type { CellReport } from "../types/cell-report.js";
import type { CellWriter, ColumnType } from "../types/column-type.js";
import { RowCounter } from "./row-limit.js";

/** One column of a result. Names may repeat. */
export interface ResultColumn {
  /** The column's name in the result. */
  readonly name: string;
  /** What becomes of its cells. */
  readonly type: ColumnType;
}

/** Takes a result row by row, or cell by cell, into the columns of a frame. */
export interface ResultBuilder {
  /** What takes the cells of each column. */
  readonly cells: readonly CellWriter[];
  /** Counts a row. Each column must then get one cell. `false` where the limit is reached: read no further. */
  startRow(): boolean;
  /**
   * Counts rows. Each column must then get a cell of each that is to be taken.
   * @returns how many are to be taken; where that is fewer, the limit is reached: read no further
   */
  startRows(count: number): number;
  /**
   * Adds a row as a driver decoded it, in the order of the columns. What is missing at its end is left empty.
   * `false`, and nothing is added, where the limit is reached.
   */
  appendRow(values: readonly unknown[]): boolean;
  /**
   * The frame of the rows so far, with a notice for each column that could not be shown as it is, and one where rows were left
   * out. The builder may not be used any more.
   *
   * @throws {FrameError} if the columns have unequally many cells
   */
  finish(options?: { readonly name?: string; readonly meta?: FrameMeta }): Frame;
}

/**
 * Makes what takes the rows of a result.
 *
 * ```ts
 * const result = resultBuilder(columns.map(({ name, oid }) => ({ name, type: typeOf(oid) })), new RowCounter(limit));
 * for await (const row of rows) {
 *   if (!result.appendRow(row)) break;
 * }
 * const frame = result.finish();
 * ```
 *
 * @param options `capacity`: rows to make room for at the start, where it is known that there are many; `reports`: one a column,
 *   where several builders each take a piece of the result: the notices of each are then those of all pieces so far
 */
export function resultBuilder(
  columns: readonly ResultColumn[],
  counter: RowCounter = new RowCounter(Number.POSITIVE_INFINITY),
  { capacity, reports }: { readonly capacity?: number; readonly reports?: readonly CellReport[] } = {},
): ResultBuilder {
  const cells = columns.map(({ name, type }, index) => type.writer(name, capacity, reports?.[index]));
  return {
    cells,
    startRow: () => counter.take(),
    startRows: (count) => counter.takeSome(count),
    appendRow(values) {
      if (!counter.take()) {
        return false;
      }
      for (const [index, writer] of cells.entries()) {
        writer.append(values[index]);
      }
      return true;
    },
    finish({ name = "", meta } = {}) {
      const finished = cells.map((writer) => writer.finish());
      const fields = finished.map(({ column }, index) => field(columns[index]?.name ?? "", column));
      const notices = [...(meta?.notices ?? []), ...finished.flatMap((made) => made.notices), ...counter.notices()];
      return frame(name, fields, { meta: notices.length === 0 ? { ...meta } : { ...meta, notices } });
    },
  };
}
