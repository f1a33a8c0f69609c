"""Compares an Arrow file, read by pyarrow, with the CSV file it was made from, read by Python's csv module.

Usage: compare_arrow_to_csv.py <arrow file> <csv file>
Prints one JSON object: rows, the type of each column, and the first mismatches as text. Exits with 0 unless it could
not read its input; the caller looks at the mismatches.
"""

import csv
import json
import sys
from datetime import datetime, timezone

import pyarrow as pa

from leave import leave

TIME_FORMATS = ("%Y-%m-%d", "%b %d %Y", "%Y/%m/%d %H:%M:%S")


def parse_time(text):
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc)
        except ValueError:
            pass
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def nanoseconds(text):
    moment = parse_time(text)
    return int(moment.timestamp()) * 1_000_000_000 + moment.microsecond * 1_000


def expected(kind, text):
    if text == "":
        return None
    if pa.types.is_timestamp(kind):
        return nanoseconds(text)
    if pa.types.is_floating(kind):
        return float(text)
    if pa.types.is_integer(kind):
        return int(text)
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[text.lower()]
    return text


def values_of(column):
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.int64()).to_pylist()
    return column.to_pylist()


def main(arrow_path, csv_path):
    with open(arrow_path, "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    table.validate(full=True)
    with open(csv_path, newline="", encoding="utf-8-sig") as source:
        header, *rows = list(csv.reader(source))

    mismatches = []
    if table.column_names != header:
        mismatches.append(f"columns {table.column_names} instead of {header}")
    if table.num_rows != len(rows):
        mismatches.append(f"{table.num_rows} rows instead of {len(rows)}")
    for index, name in enumerate(header):
        column = table.column(index)
        for row, value in enumerate(values_of(column)):
            want = expected(column.type, rows[row][index])
            if value != want:
                mismatches.append(f"{name}, row {row}: {value!r} instead of {want!r}")
    print(
        json.dumps(
            {
                "rows": table.num_rows,
                "types": {field.name: str(field.type) for field in table.schema},
                "metadata": {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()},
                "mismatches": mismatches[:20],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
    leave()
