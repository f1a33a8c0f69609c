import { makeTypedColumn } from "../columns.js";
import type { Field } from "../field.js";
import { type Frame, frame } from "../frame.js";
import { compareTexts } from "../json/go-json.js";
import { NO_ROW } from "../take.js";
import { convertedMeta } from "./converted-meta.js";
import { type Fill, takeFilled } from "./fill.js";
import { groupRows } from "./groups.js";
import { requireSize } from "./require-size.js";
import { requireRows, requireSorted, timeSeriesParts } from "./time-index.js";

/** How {@link longToWide} converts. */
export interface LongToWideOptions {
  /** What stands where a series has no value at a time at which another has one. Default `"null"`. */
  readonly fill?: Fill;
}

/**
 * A long time series as a wide one. Each different combination of the values of the text and boolean fields becomes one
 * field for each value field, with that combination as its labels. Times that repeat become one row; where a series has
 * several values at one time, the last one stays. Fields are ordered by name, then by their labels in the order of the
 * fields that these came from.
 *
 * The result has the type `timeseries-wide` in version 0.1 of Grafana's data plane contract. Everything but what
 * {@link LongToWideOptions.fill} says is as the Go SDK's `LongToWide` does it; unlike there, the refId and the config of
 * the value fields are kept.
 *
 * @throws {FrameError} that names field and row where there are any, if the frame is no long series, has no rows, a row
 *   without a time or one that is not in ascending order, two text fields of one name, or would become far too large
 */
export function longToWide(long: Frame, options: LongToWideOptions = {}): Frame {
  const { fill = "null" } = options;
  const { time, factors, values } = timeSeriesParts(long, ["long"]);
  requireRows(long);
  requireSorted(time);
  const { times, rowOf } = distinctTimes(time.column.values, long.length);
  const { groups, groupOfRow } = groupRows(factors, long.length);
  requireSize(groups.length * times.length * values.length, "ask for fewer series, or for times that they share");
  const rows = groups.map(() => new Int32Array(times.length).fill(NO_ROW));
  for (let row = 0; row < long.length; row++) {
    const group = rows[groupOfRow[row] ?? 0];
    if (group !== undefined) {
      group[rowOf[row] ?? 0] = row;
    }
  }
  const wide = groups.flatMap(({ labels }, index) =>
    values.map((field) => ({ ...takeFilled(field, rows[index] ?? new Int32Array(0), fill), labels })),
  );
  const timeColumn = makeTypedColumn("time", times, { length: times.length, nullCount: 0, validity: undefined });
  const fields = [{ ...time, nullable: false, labels: undefined, column: timeColumn }, ...sorted(wide, factors)];
  const meta = convertedMeta(long.meta, { type: "timeseries-wide", typeVersion: [0, 1] });
  return frame(long.name, fields, { refId: long.refId, meta });
}

/** The different ones of ascending times, and for each row which of them it has. */
function distinctTimes(values: BigInt64Array, length: number): { times: BigInt64Array; rowOf: Int32Array } {
  const rowOf = new Int32Array(length);
  const times = new BigInt64Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    const value = values[row] ?? 0n;
    if (count === 0 || value !== times[count - 1]) {
      times[count++] = value;
    }
    rowOf[row] = count - 1;
  }
  return { times: times.slice(0, count), rowOf };
}

function sorted(fields: readonly Field[], factors: readonly Field[]): Field[] {
  return [...fields].sort((a, b) => {
    const byName = compareTexts(a.name, b.name);
    if (byName !== 0) {
      return byName;
    }
    for (const { name } of factors) {
      const byLabel = compareTexts(a.labels?.[name] ?? "", b.labels?.[name] ?? "");
      if (byLabel !== 0) {
        return byLabel;
      }
    }
    return 0;
  });
}
