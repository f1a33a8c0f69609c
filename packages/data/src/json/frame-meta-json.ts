import { FrameError } from "../frame-error.js";
import type { FrameMeta, Notice, QueryStat } from "../frame-meta.js";
import { fieldConfigMembers } from "./field-config-json.js";
import { anyText, anything, integer, listOf, number, object, oneOf, required, type Shape, text } from "./shape.js";

/*
 * A frame's meta with the members and the order that Go writes:
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/frame_meta.go
 */

const statMembers = object<QueryStat>({ ...fieldConfigMembers, value: number });

const stat: Shape<QueryStat> = {
  read(value, path) {
    const read = required(statMembers, value, path);
    return { ...read, value: required(number, read.value, `${path}.value`) };
  },
  write: statMembers.write,
};

type InspectTab = NonNullable<Notice["inspect"]>;

// Go has an integer here and refuses the whole frame for a text, so the number is what goes over the wire.
const inspectTabs = ["", "meta", "error", "data", "stats"] as const;
const inspectName = oneOf("meta", "error", "data", "stats");

const inspect: Shape<InspectTab> = {
  read: (value, path) =>
    typeof value === "number"
      ? inspectName.read(inspectTabs[value] ?? String(value), path)
      : inspectName.read(value, path),
  write: (value) => String(inspectTabs.indexOf(value)),
};

const noticeMembers = object<Notice>({
  severity: oneOf("info", "warning", "error"),
  text: anyText,
  link: text,
  inspect,
});

const notice: Shape<Notice> = {
  read(value, path) {
    const read = required(noticeMembers, value, path);
    return {
      ...read,
      severity: required({ read: () => read.severity }, undefined, `${path}.severity`),
      text: read.text ?? "",
    };
  },
  write: noticeMembers.write,
};

const wholeNumbers = listOf(integer(0, Number.MAX_SAFE_INTEGER));

const version: Shape<readonly [number, number]> = {
  read(value, path) {
    const [major, minor, ...rest] = wholeNumbers.read(value, path) ?? [0, 0];
    if (major === undefined || minor === undefined || rest.length > 0) {
      throw new FrameError(`${path}: a version is two numbers, such as [0, 1]`);
    }
    return [major, minor];
  },
  write: (value) => wholeNumbers.write(value),
};

/** A frame's meta. */
export const frameMetaShape: Shape<FrameMeta> = object<FrameMeta>({
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
  uniqueRowIdFields: wholeNumbers,
});

/**
 * A frame's meta as JSON.
 * @throws {FrameError} naming the member, if it holds what Grafana could not read
 */
export function frameMetaJson(meta: FrameMeta): string {
  return frameMetaShape.write(required(frameMetaShape, meta, "meta"));
}
