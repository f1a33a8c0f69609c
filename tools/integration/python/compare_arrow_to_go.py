"""Compares frames in Arrow files, read by pyarrow, with what the official Go SDK lists of the same frames.

Usage: compare_arrow_to_go.py <files> <fixtures>
The first are JSON lines {"id", "arrow"}, the file in base64; the second are packages/data/test/fixtures/go-frames.jsonl.
Prints one JSON object: how many frames and values were compared, and the first mismatches as text. Exits with 0 unless it
could not read its input; the caller looks at the mismatches.
"""

import base64
import json
import math
import struct
import sys

import pyarrow as pa

from leave import leave

TYPES = {
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "uint8": pa.uint8(),
    "uint16": pa.uint16(),
    "uint32": pa.uint32(),
    "uint64": pa.uint64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "bool": pa.bool_(),
    "time": pa.timestamp("ns"),
    "json": pa.binary(),
    "enum": pa.uint16(),
}

FRONTEND_TYPES = {"string": "string", "bool": "boolean", "time": "time", "json": "other", "enum": "enum"}


def listed(kind, value):
    """A value as the Go program writes it, and exactly."""
    if value is None:
        return None
    if kind == "float64":
        return "7ff8000000000000" if math.isnan(value) else struct.pack(">d", value).hex()
    if kind == "float32":
        return "7fc00000" if math.isnan(value) else struct.pack(">f", value).hex()
    if kind == "bool":
        return "true" if value else "false"
    if kind == "json":
        return value.decode()
    return str(value)


def values_of(kind, column):
    # As a timestamp, pyarrow would give objects that end at microseconds.
    return (column.cast(pa.int64()) if kind == "time" else column).to_pylist()


def metadata_of(thing):
    return {key.decode(): value.decode() for key, value in (thing.metadata or {}).items()}


def compare(table, frame):
    """Yields what is wrong with a table."""
    table.validate(full=True)
    metadata = metadata_of(table.schema)
    for key in ("name", "refId"):
        if metadata.get(key) != frame[key]:
            yield f"{key} {metadata.get(key)!r} instead of {frame[key]!r}"
    if json.loads(metadata.get("meta", "null")) != frame["meta"]:
        yield f"meta {metadata.get('meta')}"
    if table.num_columns != len(frame["fields"]):
        yield f"{table.num_columns} columns instead of {len(frame['fields'])}"
        return
    for index, want in enumerate(frame["fields"]):
        field, column, kind = table.schema.field(index), table.column(index), want["type"]
        where = f"column {index} {field.name!r}"
        metadata = metadata_of(field)
        if field.name != want["name"]:
            yield f"{where}: called {want['name']!r} in Go"
        if field.type != TYPES[kind] or field.nullable != want["nullable"]:
            yield f"{where}: {field}, which is {kind}, nullable {want['nullable']} in Go"
        if metadata.get("tstype") != FRONTEND_TYPES.get(kind, "number"):
            yield f"{where}: tstype {metadata.get('tstype')}"
        if (json.loads(metadata.get("labels", "null")) or {}) != (want["labels"] or {}):
            yield f"{where}: labels {metadata.get('labels')}"
        if json.loads(metadata.get("config", "null")) != want["config"]:
            yield f"{where}: config {metadata.get('config')}"
        found = [listed(kind, value) for value in values_of(kind, column)]
        if len(found) != len(want["values"]):
            yield f"{where}: {len(found)} rows instead of {len(want['values'])}"
        for row, (have, should) in enumerate(zip(found, want["values"])):
            if have != should:
                yield f"{where}, row {row}: {have!r} instead of {should!r}"


def lines_of(path):
    with open(path, encoding="utf-8") as source:
        return [json.loads(line) for line in source]


def main(files_path, fixtures_path):
    frames = {line["id"]: line["frame"] for line in lines_of(fixtures_path)}
    checked, values, mismatches = 0, 0, []
    for line in lines_of(files_path):
        table = pa.ipc.open_file(base64.b64decode(line["arrow"])).read_all()
        mismatches += [f"{line['id']}: {problem}" for problem in compare(table, frames[line["id"]])]
        checked += 1
        values += table.num_rows * table.num_columns
    print(json.dumps({"checked": checked, "values": values, "mismatches": mismatches[:20]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
    leave()
