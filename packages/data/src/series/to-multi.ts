import type { Field, Labels } from "../field.js";
import { type Frame, frame } from "../frame.js";
import { takeRows } from "../take.js";
import { convertedMeta } from "./converted-meta.js";
import { groupRows } from "./groups.js";
import { requireRows, requireSorted, timeSeriesParts } from "./time-index.js";
import { timeSeriesSchema } from "./time-series-schema.js";

/**
 * A wide or long time series as one frame for each series: its time field and its value field, which has the labels. Of
 * all shapes this is the one that adds nothing: a series of a long frame has the times of its own rows only.
 *
 * The results have the type `timeseries-multi` in version 0.1 of Grafana's data plane contract.
 *
 * @throws {FrameError} that names field and row where there are any, if the frame is no time series, has no rows, a row
 *   without a time or one that is not in ascending order, or two text fields of one name
 */
export function toMulti(series: Frame): Frame[] {
  const parts = timeSeriesParts(series, ["wide", "long"]);
  requireRows(series);
  requireSorted(parts.time);
  const time: Field = { ...parts.time, nullable: false, labels: undefined };
  const make = (field: Field, ownTime: Field): Frame =>
    frame(series.name, [ownTime, field], {
      refId: series.refId,
      meta: convertedMeta(series.meta, { type: "timeseries-multi", typeVersion: [0, 1] }),
    });
  if (timeSeriesSchema(series).shape === "wide") {
    return parts.values.map((field) => make(field, time));
  }
  return rowsOfGroups(parts.factors, series.length).flatMap(({ labels, rows }) => {
    const ownTime = { ...time, column: takeRows(time.column, rows) };
    return parts.values.map((field) => make({ ...field, labels, column: takeRows(field.column, rows) }, ownTime));
  });
}

function rowsOfGroups(factors: readonly Field[], length: number): { labels: Labels; rows: Int32Array }[] {
  const { groups, groupOfRow } = groupRows(factors, length);
  const counts = new Int32Array(groups.length);
  for (const group of groupOfRow) {
    counts[group] = (counts[group] ?? 0) + 1;
  }
  const lists = groups.map(({ labels }, index) => ({ labels, rows: new Int32Array(counts[index] ?? 0), used: 0 }));
  for (let row = 0; row < length; row++) {
    const list = lists[groupOfRow[row] ?? 0];
    if (list !== undefined) {
      list.rows[list.used++] = row;
    }
  }
  return lists;
}
