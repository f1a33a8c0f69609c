import { FrameError } from "../frame-error.js";
import type { FrameMeta, Notice, QueryStat } from "../frame-meta.js";
import { fieldConfigMembers } from "./field-config-json.js";
import {
  anyText,
  anything,
  integer,
  listOf,
  number,
  object,
  oneOf,
  type Reader,
  required,
  text,
  toJson,
} from "./shape.js";

/*
 * Reads a frame's meta, from an author or from JSON, into the members and the order that Go writes:
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/frame_meta.go
 */

const stat: Reader<QueryStat> = (value, path) => {
  const read = required(object<QueryStat>({ ...fieldConfigMembers, value: number }), value, path);
  return { ...read, value: required(number, read.value, `${path}.value`) };
};

// Go has an integer here and refuses the whole frame for a text, so the number is what goes over the wire.
const inspectTabs = ["", "meta", "error", "data", "stats"] as const;
const inspectName = oneOf("meta", "error", "data", "stats");

const inspect: Reader<NonNullable<Notice["inspect"]>> = (value, path) =>
  typeof value === "number" ? inspectName(inspectTabs[value] ?? String(value), path) : inspectName(value, path);

const severity = oneOf("info", "warning", "error");

const notice: Reader<Notice> = (value, path) => {
  const read = required(object<Notice>({ severity, text: anyText, link: text, inspect }), value, path);
  return { ...read, severity: required(severity, read.severity, `${path}.severity`), text: read.text ?? "" };
};

const version: Reader<readonly [number, number]> = (value, path) => {
  const [major, minor, ...rest] = listOf(integer(0, Number.MAX_SAFE_INTEGER))(value, path) ?? [0, 0];
  if (major === undefined || minor === undefined || rest.length > 0) {
    throw new FrameError(`${path}: a version is two numbers, such as [0, 1]`);
  }
  return [major, minor];
};

/** Reads a frame's meta. */
export const readFrameMeta: Reader<FrameMeta> = object<FrameMeta>({
  type: text,
  typeVersion: version,
  path: text,
  pathSeparator: text,
  custom: anything,
  stats: listOf(stat),
  notices: listOf(notice),
  channel: text,
  preferredVisualisationType: text,
  preferredVisualisationPluginId: text,
  executedQueryString: text,
  dataTopic: text,
  uniqueRowIdFields: listOf(integer(0, Number.MAX_SAFE_INTEGER)),
});

/**
 * A frame's meta as JSON.
 * @throws {FrameError} naming the member, if it holds what Grafana could not read
 */
export function frameMetaJson(meta: FrameMeta): string {
  const read = required(readFrameMeta, meta, "meta");
  const notices = read.notices?.map((notice) =>
    notice.inspect === undefined ? notice : { ...notice, inspect: inspectTabs.indexOf(notice.inspect) },
  );
  return toJson(notices === undefined ? read : { ...read, notices }, "meta");
}
