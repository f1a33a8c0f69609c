"""Writes Arrow files of many kinds with pyarrow, and what a frame read from each must hold, or why none can be read.

Usage: write_arrow_files.py > packages/data/test/fixtures/pyarrow.jsonl
Prints JSON lines {"id", "arrow", "frame"} or {"id", "arrow", "error"}: the file in base64; name, refId and fields as the Go
program lists them (tools/go/README.md); the whole message of the error. The same pyarrow writes the same bytes each time.
"""

import base64
import datetime
import decimal
import json
import math
import struct
import sys

import pyarrow as pa

from leave import leave

NS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
DAY = 86_400 * 10**9


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for case in cases():
        sys.stdout.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")


def cases():
    for group in (numbers, texts, documents, times, dictionaries, batches, slices, layouts, schemas, refused, other_files):
        for name, source, expected in group():
            yield {"id": f"{group.__name__}/{name}", "arrow": base64.b64encode(source).decode(), **expected}


# How a case is put together


def file_of(tables, **options):
    """The bytes of a file with a record batch for each batch of the tables, which all have the schema of the first."""
    sink = pa.BufferOutputStream()
    tables = tables if isinstance(tables, list) else [tables]
    with pa.ipc.new_file(sink, tables[0].schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for table in tables:
            if isinstance(table, pa.RecordBatch):
                writer.write_batch(table)
            else:
                writer.write_table(table)
    return sink.getvalue().to_pybytes()


def field(name, kind, values, nullable=True, labels=None):
    listed = [None if value is None else list_value(kind, value) for value in values]
    return {"name": name, "type": kind, "nullable": nullable, "labels": labels or {}, "values": listed}


def list_value(kind, value):
    if kind == "float64":
        return "7ff8000000000000" if math.isnan(value) else struct.pack(">d", value).hex()
    if kind == "float32":
        return "7fc00000" if math.isnan(value) else struct.pack(">f", value).hex()
    if kind == "bool":
        return "true" if value else "false"
    return str(value)


def frame(*fields, name="", ref_id=""):
    return {"frame": {"name": name, "refId": ref_id, "fields": list(fields)}}


def error(message):
    return {"error": message}


def one(array, kind, values, **options):
    """A file of one column `x`, and what it must hold."""
    return file_of(pa.table({"x": array}), **options), frame(field("x", kind, values))


def validity(values):
    """A bitmap with a 1 for each value that is not None."""
    bits = bytearray((len(values) + 7) // 8)
    for row, value in enumerate(values):
        if value is not None:
            bits[row // 8] |= 1 << (row % 8)
    return pa.py_buffer(bytes(bits))


# Files that can be read


def numbers():
    for bits in (8, 16, 32, 64):
        for kind, least, most in (
            (f"int{bits}", -(2 ** (bits - 1)), 2 ** (bits - 1) - 1),
            (f"uint{bits}", 0, 2**bits - 1),
        ):
            values = [least, most, None, 0, 1]
            yield (kind, *one(pa.array(values, getattr(pa, kind)()), kind, values))
    for kind in ("float32", "float64"):
        values = [0.0, -0.0, 1.5, None, math.nan, math.inf, -math.inf, 0.1, 5e-324, 1e300 if kind == "float64" else 1e30]
        yield (kind, *one(pa.array(values, getattr(pa, kind)()), kind, values))
    flags = [True, False, None, True, True, False, False, None, True, None, False]
    yield ("bool", *one(pa.array(flags), "bool", flags))
    yield ("bool8", *one(pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0, None], pa.int8())), "int8", [1, 0, None]))
    yield ("no nulls", *one(pa.array([1, 2, 3], pa.int64()), "int64", [1, 2, 3]))
    yield ("nulls only", *one(pa.array([None] * 9, pa.int16()), "int16", [None] * 9))


TEXTS = ["", "a", None, "twelve bytes", "thirteen bytes", "日本語", "🦊🇨🇭", "null", "a\u0000b", "\ufeffmark", "x" * 70, None, "line\nend"]


def texts():
    for kind in ("string", "large_string", "string_view"):
        yield (kind, *one(pa.array(TEXTS, getattr(pa, kind)()), "string", TEXTS))
        yield (f"{kind} without nulls", *one(pa.array(["a", "bc"], getattr(pa, kind)()), "string", ["a", "bc"]))
        yield (f"{kind}, nulls only", *one(pa.array([None, None], getattr(pa, kind)()), "string", [None, None]))
        yield (f"{kind}, empty ones only", *one(pa.array(["", ""], getattr(pa, kind)()), "string", ["", ""]))
    short = ["a", None, "exactly 12 b", ""]
    yield ("string_view, all inline", *one(pa.array(short, pa.string_view()), "string", short))
    long = [f"a text that does not fit into a view, number {row}" for row in range(40)]
    chunks = [pa.array(long[:20], pa.string_view()), pa.array(long[20:], pa.string_view())]
    yield ("string_view of several buffers", *one(pa.concat_arrays(chunks), "string", long))
    json_type = pa.json_(pa.string())
    yield ("json extension", *one(pa.ExtensionArray.from_storage(json_type, pa.array(["{}", None])), "string", ["{}", None]))


DOCUMENTS = ["{}", "[1,2]", None, "null", '"text"', "1e400", '{"a":"a text that is longer than a view"}', '{"日":"本"}']


def documents():
    raw = [None if document is None else document.encode() for document in DOCUMENTS]
    for kind in ("binary", "large_binary", "binary_view"):
        yield (kind, *one(pa.array(raw, getattr(pa, kind)()), "json", DOCUMENTS))


def times():
    for unit, factor in NS.items():
        most = (2**63 - 1) // factor
        values = [0, 1, -1, None, 1_700_000_000 * (10**9 // factor), most, -most]
        expected = [None if value is None else value * factor for value in values]
        for zone in (None, "UTC", "Europe/Zurich", "+05:30"):
            array = pa.array(values, pa.int64()).cast(pa.timestamp(unit, zone))
            yield (f"{unit}, {zone or 'no zone'}", *one(array, "time", expected))
        if factor > 1:
            far = pa.array([0, None, most + 1], pa.int64()).cast(pa.timestamp(unit))
            reason = 'field "x", row 2: the time is outside the years 1677 to 2262 that nanoseconds can hold'
            yield f"{unit}, out of reach", file_of(pa.table({"x": far})), error(reason)
    days = [0, 1, -1, None, 19_723, 106_751, -106_751]
    array = pa.array(days, pa.int32()).cast(pa.date32())
    yield ("date32", *one(array, "time", [None if day is None else day * DAY for day in days]))
    array = pa.array([datetime.date(2024, 1, 1), None, datetime.date(1969, 12, 31)], pa.date64())
    yield ("date64", *one(array, "time", [19_723 * DAY, None, -DAY]))
    far = pa.array([106_752], pa.int32()).cast(pa.date32())
    reason = 'field "x", row 0: the time is outside the years 1677 to 2262 that nanoseconds can hold'
    yield "date32, out of reach", file_of(pa.table({"x": far})), error(reason)


def dictionaries():
    words = ["low", "high", "", "a text that is longer than a view"]
    places = [0, 1, None, 3, 2, 0, 1]
    expected = [None if place is None else words[place] for place in places]
    for bits in (8, 16, 32, 64):
        for kind in (f"int{bits}", f"uint{bits}"):
            indices = pa.array(places, getattr(pa, kind)())
            array = pa.DictionaryArray.from_arrays(indices, pa.array(words))
            yield (f"{kind} places", *one(array, "string", expected))
    for kind in ("large_string", "string_view"):
        array = pa.DictionaryArray.from_arrays(pa.array(places, pa.int16()), pa.array(words, getattr(pa, kind)()))
        yield (f"of {kind}", *one(array, "string", expected))
    for kind, values, listed in (
        ("int64", pa.array([5, -(2**63), 2**63 - 1, None]), [5, -(2**63), 2**63 - 1, None]),
        ("float64", pa.array([1.5, math.nan, None, -0.0]), [1.5, math.nan, None, -0.0]),
        ("bool", pa.array([True, False, None, True]), [True, False, None, True]),
        ("time", pa.array([0, 1, 2, None], pa.timestamp("ms")), [0, 10**6, 2 * 10**6, None]),
        ("json", pa.array([b"{}", b"[]", None, b"1"]), ["{}", "[]", None, "1"]),
    ):
        array = pa.DictionaryArray.from_arrays(pa.array([3, 0, None, 1, 2, 0], pa.int8()), values)
        yield (f"of {kind}", *one(array, kind, [listed[3], listed[0], None, listed[1], listed[2], listed[0]]))
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0]), pa.array([None, "b"]))
    yield ("null among the values", *one(array, "string", [None, "b", None, None]))
    array = pa.DictionaryArray.from_arrays(pa.array([1, 1]), pa.array(["a", "b"]), ordered=True)
    yield ("ordered", *one(array, "string", ["b", "b"]))
    array = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
    yield ("without rows and values", *one(array, "string", []))
    array = pa.DictionaryArray.from_arrays(pa.array([None, None], pa.int32()), pa.array([], pa.string()))
    yield ("nulls only, without values", *one(array, "string", [None, None]))
    array = pa.DictionaryArray.from_arrays(pa.array([3, 1, None, 0, 2, 1], pa.int32()), pa.array(["a", "b", "c", "d", "e"])[1:])
    yield ("of a slice of values", *one(array, "string", ["e", "c", None, "b", "d", "c"]))
    first = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["a", "b"]))
    second = pa.DictionaryArray.from_arrays(pa.array([1, 0]), pa.array(["x", "y"]))
    table = pa.table({"first": first, "plain": pa.array([1, 2]), "second": second})
    expected = frame(field("first", "string", ["a", "b"]), field("plain", "int64", [1, 2]), field("second", "string", ["y", "x"]))
    yield "two of them", file_of(table), expected
    growing = [
        (["a", "b"], [0, 1, None]),
        (["a", "b", "c"], [2, 0]),
        (["a", "b", "c"], []),
        (["a", "b", "c", "d", "ee"], [4, 3, 1]),
    ]
    parts = [
        pa.record_batch({"x": pa.DictionaryArray.from_arrays(pa.array(places, pa.int16()), pa.array(values))})
        for values, places in growing
    ]
    expected = frame(field("x", "string", ["a", "b", None, "c", "a", "ee", "d", "b"]))
    yield "deltas", file_of(parts, emit_dictionary_deltas=True), expected
    chunks = pa.chunked_array([
        pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["a", "b"])),
        pa.DictionaryArray.from_arrays(pa.array([1, None]), pa.array(["c", "a"])),
    ])
    yield ("unified", *one(chunks, "string", ["a", "b", "a", None], unify_dictionaries=True))


def batches():
    parts = [[1, None, 3], [], [None], list(range(20)), []]
    tables = [
        pa.record_batch({
            "i": pa.array(part, pa.int64()),
            "f": pa.array(part, pa.float32()),
            "b": pa.array([None if value is None else value % 3 == 0 for value in part], pa.bool_()),
            "s": pa.array([None if value is None else f"row {value}" for value in part], pa.string()),
            "v": pa.array([None if value is None else f"a longer text of row {value}" for value in part], pa.string_view()),
            "t": pa.array(part, pa.timestamp("us")),
            "j": pa.array([None if value is None else f"[{value}]".encode() for value in part], pa.binary()),
        })
        for part in parts
    ]
    values = [value for part in parts for value in part]

    def each(convert):
        return [None if value is None else convert(value) for value in values]

    expected = frame(
        field("i", "int64", values),
        field("f", "float32", values),
        field("b", "bool", each(lambda value: value % 3 == 0)),
        field("s", "string", each(lambda value: f"row {value}")),
        field("v", "string", each(lambda value: f"a longer text of row {value}")),
        field("t", "time", each(lambda value: value * 1000)),
        field("j", "json", each(lambda value: f"[{value}]")),
    )
    yield "several", file_of(tables), expected
    whole = pa.Table.from_batches(tables)
    yield "one of many chunks", file_of(whole.combine_chunks()), expected
    yield "an empty one first", file_of([tables[1], tables[0]]), frame(*[
        {**column, "values": column["values"][:3]} for column in expected["frame"]["fields"]
    ])
    none = frame(*[{**column, "values": []} for column in expected["frame"]["fields"]])
    yield "none", file_of(pa.Table.from_batches([], tables[0].schema)), none
    yield "one without rows", file_of(tables[1]), none
    uneven = pa.table({
        "a": pa.chunked_array([pa.array([1, 2]), pa.array([3, 4, None])]),
        "b": pa.chunked_array([pa.array(["a"]), pa.array(["b", None, "d", "e"])]),
    })
    yield "of uneven chunks", file_of(uneven), frame(
        field("a", "int64", [1, 2, 3, 4, None]), field("b", "string", ["a", "b", None, "d", "e"])
    )


def slices():
    values = [None if row % 7 == 3 else row for row in range(40)]
    table = pa.table({
        "i": pa.array(values, pa.int32()),
        "b": pa.array([None if value is None else value % 3 == 0 for value in values], pa.bool_()),
        "s": pa.array([None if value is None else f"row {value}" for value in values], pa.string()),
        "l": pa.array([None if value is None else f"row {value}" for value in values], pa.large_string()),
        "v": pa.array([None if value is None else f"a longer text of row {value}" for value in values], pa.string_view()),
        "t": pa.array(values, pa.timestamp("ms")),
        "d": pa.array([None if value is None else f"kind {value % 4}" for value in values]).dictionary_encode(),
    })
    for start, length in ((0, 5), (1, 16), (3, 8), (5, 30), (8, 8), (37, 3), (40, 0)):
        part = values[start : start + length]

        def each(convert):
            return [None if value is None else convert(value) for value in part]

        yield f"{length} rows from {start}", file_of(table.slice(start, length)), frame(
            field("i", "int32", part),
            field("b", "bool", each(lambda value: value % 3 == 0)),
            field("s", "string", each(lambda value: f"row {value}")),
            field("l", "string", each(lambda value: f"row {value}")),
            field("v", "string", each(lambda value: f"a longer text of row {value}")),
            field("t", "time", each(lambda value: value * 10**6)),
            field("d", "string", each(lambda value: f"kind {value % 4}")),
        )


def layouts():
    """What the format allows but pyarrow would not choose by itself."""
    ones = pa.Array.from_buffers(pa.int64(), 3, [pa.py_buffer(b"\xff"), pa.py_buffer(struct.pack("<3q", 1, 2, 3))])
    yield ("a bitmap without nulls", *one(ones, "int64", [1, 2, 3]))
    values = [1, None, 3]
    below = pa.Array.from_buffers(
        pa.timestamp("s"), 3, [validity(values), pa.py_buffer(struct.pack("<3q", 1, 2**62, 3))]
    )
    yield ("a time out of reach below a null", *one(below, "time", [10**9, None, 3 * 10**9]))
    offsets = pa.py_buffer(struct.pack("<4i", 0, 1, 3, 4))
    below = pa.Array.from_buffers(pa.string(), 3, [validity(values), offsets, pa.py_buffer(b"a\xff\xfeb")])
    yield ("bytes that are no text below a null", *one(below, "string", ["a", None, "b"]))
    below = pa.Array.from_buffers(pa.binary(), 3, [validity(values), offsets, pa.py_buffer(b"1{[2")])
    yield ("bytes that are no JSON below a null", *one(below, "json", ["1", None, "2"]))
    offsets = pa.py_buffer(struct.pack("<4i", 2, 3, 3, 6))
    late = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"..abcd..")])
    yield ("texts that begin late", *one(late, "string", ["a", "", "bcd"]))
    offsets = pa.py_buffer(struct.pack("<4q", 2, 3, 3, 6))
    late = pa.Array.from_buffers(pa.large_string(), 3, [None, offsets, pa.py_buffer(b"..abcd..")])
    yield ("large texts that begin late", *one(late, "string", ["a", "", "bcd"]))
    view = struct.pack("<i4sii", 20, b"shar", 0, 0)
    junk = struct.pack("<i4sii", 2**31 - 1, b"\xff\xff\xff\xff", 9, 2**31 - 1)
    shared = pa.Array.from_buffers(
        pa.string_view(), 3, [validity(values), pa.py_buffer(view + junk + view), pa.py_buffer(b"shared by both of us")]
    )
    yield ("views that share bytes, and one of nothing below a null", *one(shared, "string", ["shared by both of us", None] + ["shared by both of us"]))
    indices = pa.Array.from_buffers(pa.int8(), 3, [validity(values), pa.py_buffer(b"\x00\x63\x01")])
    array = pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b"]), safe=False)
    yield ("a place that is not there below a null", *one(array, "string", ["a", None, "b"]))
    array = pa.array([1, None, 3], pa.int64())
    yield ("metadata version 4", *one(array, "int64", values, metadata_version=pa.ipc.MetadataVersion.V4))
    yield ("before 0.15", *one(array, "int64", values, metadata_version=pa.ipc.MetadataVersion.V4, use_legacy_format=True))


def schemas():
    fields = [
        pa.field("v", pa.float64(), nullable=False, metadata={"labels": '{"host":"a","b":""}', "config": '{"unit":"ms"}'}),
        pa.field("v", pa.uint16(), metadata={"tstype": "enum", "config": '{"type":{"enum":{"text":["off","on"]}}}'}),
        pa.field("", pa.uint16(), metadata={"tstype": "number"}),
    ]
    about = {"name": "a frame", "refId": "B", "meta": '{"typeVersion":[0,0],"custom":{"a":1}}'}
    arrays = [pa.array([1.5, 2.5]), pa.array([1, None], pa.uint16()), pa.array([7, 8], pa.uint16())]
    expected = frame(
        field("v", "float64", [1.5, 2.5], nullable=False, labels={"host": "a", "b": ""}),
        field("v", "enum", [1, None]),
        field("", "uint16", [7, 8]),
        name="a frame",
        ref_id="B",
    )
    yield "Grafana's metadata", file_of(pa.table(arrays, pa.schema(fields, about))), expected
    big = {"pandas": json.dumps({"columns": [{"name": f"column {index}", "note": "x" * 60} for index in range(150)]})}
    table = pa.table([pa.array([1])], pa.schema([pa.field("x", pa.int64(), metadata={"\U0001f98a": "y" * 3000})], big))
    yield "much metadata that means nothing here", file_of(table), frame(field("x", "int64", [1]))
    table = pa.table([pa.array([1])], pa.schema([pa.field("x", pa.int64(), metadata={b"\xff\xfe": b"\x80\x00\xff"})]))
    yield "metadata that is no text", file_of(table), frame(field("x", "int64", [1]))
    names = [f"field {index}" for index in range(60)]
    table = pa.table([pa.array([index], pa.int8()) for index in range(60)], names)
    yield "many fields", file_of(table), frame(*[field(name, "int8", [index]) for index, name in enumerate(names)])
    yield "no fields", file_of(pa.table({})), frame()
    yield "no fields, but rows", file_of(pa.table({"x": [1, 2]}).select([])), frame()
    yield "names of all kinds", file_of(pa.table([pa.array([1])] * 3, ["日本語 🦊", "a\"b\\c\n", "x" * 300])), frame(
        field("日本語 🦊", "int64", [1]), field('a"b\\c\n', "int64", [1]), field("x" * 300, "int64", [1])
    )
    table = pa.table([pa.array([1])], pa.schema([pa.field("x", pa.int64())], {"meta": "{"}))
    yield "a meta that is no JSON", file_of(table), error('the frame: the metadata "meta" is not valid JSON')
    table = pa.table([pa.array([1])], pa.schema([pa.field("x", pa.int64(), metadata={"labels": "[1]"})]))
    yield "labels that are none", file_of(table), error('field "x": labels: an array is not an object')


# Files that cannot be read


def refused():
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
    dense = pa.UnionArray.from_dense(
        pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32()), [pa.array([1]), pa.array(["b"])]
    )
    interval = pa.array([pa.MonthDayNano([1, 2, 3])], pa.month_day_nano_interval())
    for name, array in (
        ("Null", pa.nulls(2)),
        ("List", pa.array([[1], None])),
        ("LargeList", pa.array([[1]], pa.large_list(pa.int64()))),
        ("FixedSizeList", pa.array([[1, 2]], pa.list_(pa.int64(), 2))),
        ("ListView", pa.array([[1]], pa.list_view(pa.int64()))),
        ("LargeListView", pa.array([[1]], pa.large_list_view(pa.int64()))),
        ("Struct", pa.array([{"a": 1}])),
        ("Map", pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))),
        ("Union", union),
        ("Union", dense),
        ("Decimal", pa.array([decimal.Decimal("1.50")], pa.decimal128(10, 2))),
        ("Decimal", pa.array([decimal.Decimal("1.50")], pa.decimal256(40, 2))),
        ("FloatingPoint, float16", pa.array([1, None], pa.float16())),
        ("Duration", pa.array([1], pa.duration("s"))),
        ("Interval", interval),
        ("Time", pa.array([1], pa.time32("s"))),
        ("Time", pa.array([1], pa.time64("ns"))),
        ("FixedSizeBinary", pa.array([b"abcd"], pa.binary(4))),
        ("FixedSizeBinary", pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0123456789abcdef"], pa.binary(16)))),
        ("RunEndEncoded", pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["a", "b"]))),
        ("Decimal", pa.DictionaryArray.from_arrays(pa.array([0]), pa.array([decimal.Decimal("1.5")]))),
    ):
        reason = (
            f'field "x": the Arrow type {name} has no counterpart in a frame, which holds integers, floating point numbers '
            "of 32 and 64 bits, and time, string, json, boolean, enum; convert the column before it is written"
        )
        yield str(array.type), file_of(pa.table({"ok": pa.array([1] * len(array)), "x": array})), error(reason)
    for row, document in ((0, b"{]"), (2, b"text"), (1, b"\xff\xfe")):
        values = [b"{}", b"[]", b"1"]
        values[row] = document
        problem = (
            "its text is not valid UTF-8"
            if document[0] == 0xFF
            else "is not valid JSON, which is what a binary column of a frame holds"
        )
        for kind in ("binary", "binary_view"):
            array = pa.array(values, getattr(pa, kind)())
            yield f"{kind} {document!r}", file_of(pa.table({"x": array})), error(f'field "x", row {row}: {problem}')
    offsets = pa.py_buffer(struct.pack("<3i", 0, 1, 3))
    array = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"a\xc3\x28")])
    yield "a string that is no UTF-8", file_of(pa.table({"x": array})), error('field "x", row 1: its text is not valid UTF-8')
    array = pa.DictionaryArray.from_arrays(pa.array([0, 2], pa.int8()), pa.array(["a", "b"]), safe=False)
    reason = 'field "x", row 1: the place 2 is not in its dictionary of 2 values'
    yield "a place beyond the dictionary", file_of(pa.table({"x": array})), error(reason)
    table = pa.table([pa.array([1, None])], pa.schema([pa.field("x", pa.int64(), nullable=False)]))
    reason = 'field "x", row 1: has no value, and the field is not nullable'
    yield "a null in a field without", file_of(table), error(reason)


def other_files():
    table = pa.table({"x": list(range(100)), "s": ["a text that compresses well"] * 100})
    for codec in ("lz4", "zstd"):
        reason = "the Arrow file is compressed, which is not supported; write it without compression"
        yield codec, file_of(table, compression=codec), error(reason)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    stream = sink.getvalue().to_pybytes()
    reason = "these bytes are an Arrow IPC stream; write them as an Arrow IPC file, which has a footer"
    yield "a stream", stream, error(reason)


if __name__ == "__main__":
    main()
    leave()
