import {
  type AppendValues,
  type ColumnBuilder,
  type FieldType,
  FrameError,
  type IntegerColumnBuilder,
  isNumericType,
  type NumberColumnBuilder,
  type TimeColumnBuilder,
} from "@framewright/data";
import { CellReport } from "./cell-report.js";
import { dateOf, eachCell, integerAt } from "./cells.js";
import type { CellReader, CellWriter } from "./column-type.js";
import { bufferOf } from "./value-text.js";

/** Takes the cells of a column that `reader` reads, into what builds it. @param name the column's, for notices */
export function readingWriter<T extends FieldType>(
  builder: ColumnBuilder<T>,
  reader: CellReader<T>,
  name: string,
  report = new CellReport(),
): CellWriter {
  const rounded = (): void => report.rounded(builder.length);

  const anyNumbers = takesAnyNumbers(builder) ? builder : undefined;
  const numbers = takesNumbers(builder) ? builder : undefined;
  const integers = takesIntegers(builder) ? builder : undefined;
  const times = takesInstants(builder) ? builder : undefined;

  /** Adds a value; false, and nothing is added, if it is none or the column cannot hold it. */
  function add(value: AppendValues[T] | undefined): boolean {
    if (value === undefined) {
      return false;
    }
    try {
      builder.append(value);
      return true;
    } catch (error) {
      return refused(error);
    }
  }

  function addUnreadable(value: string): void {
    report.unreadable(builder.length, value);
    builder.appendNull();
  }

  function addBytes(bytes: Uint8Array, start: number, end: number): void {
    if (!add(reader.fromText(bytes, start, end, rounded))) {
      addUnreadable(bufferOf(bytes.subarray(start, end)).toString());
    }
  }

  function appendAny(value: unknown): void {
    if (value === null || value === undefined) {
      builder.appendNull();
    } else if (value instanceof Uint8Array) {
      addBytes(value, 0, value.length);
    } else if (typeof value === "string" || reader.fromValue === undefined) {
      const bytes = Buffer.from(typeof value === "string" ? value : describeValue(value));
      addBytes(bytes, 0, bytes.length);
    } else if (!add(reader.fromValue(value, rounded))) {
      addUnreadable(describeValue(value));
    }
  }

  /** Adds cells one by one. */
  function addEach(lengths: Int32Array, from: number, to: number, append: (cell: number) => void): void {
    eachCell(lengths, from, to, append, () => builder.appendNull());
  }

  const writer: CellWriter = {
    appendNull: () => builder.appendNull(),
    appendNumber(value) {
      if (anyNumbers === undefined) {
        appendAny(value);
        return;
      }
      try {
        anyNumbers.append(value);
      } catch (error) {
        refused(error);
        addUnreadable(String(value));
      }
    },
    appendInstant(seconds, nanoseconds) {
      if (times === undefined) {
        appendAny(dateOf(seconds, nanoseconds));
        return;
      }
      try {
        times.appendInstant(seconds, nanoseconds);
      } catch (error) {
        refused(error);
        addUnreadable(describeValue(dateOf(seconds, 0)));
      }
    },
    appendText(text, start = 0, end = text.length) {
      if (typeof text === "string") {
        const bytes = Buffer.from(text.slice(start, end));
        addBytes(bytes, 0, bytes.length);
      } else {
        addBytes(text, start, end);
      }
    },
    appendTexts(bytes, starts, lengths, from, to) {
      addEach(lengths, from, to, (cell) => {
        const start = starts[cell] ?? 0;
        addBytes(bytes, start, start + (lengths[cell] ?? 0));
      });
    },
    appendNumbers(values, lengths, from, to) {
      if (numbers === undefined) {
        addEach(lengths, from, to, (cell) => writer.appendNumber(values[cell] ?? 0));
        return;
      }
      let cell = numbers.appendNumbers(values, lengths, from, to);
      while (cell < to) {
        addUnreadable(String(values[cell]));
        cell = numbers.appendNumbers(values, lengths, cell + 1, to);
      }
    },
    appendIntegers(halves, lengths, from, to) {
      if (integers === undefined) {
        addEach(lengths, from, to, (cell) => writer.appendText(String(integerAt(halves, cell))));
      } else {
        integers.appendHalves(halves, lengths, from, to);
      }
    },
    appendInstants(seconds, nanoseconds, lengths, from, to) {
      if (times === undefined) {
        addEach(lengths, from, to, (cell) => writer.appendInstant(seconds[cell] ?? 0, nanoseconds[cell] ?? 0));
        return;
      }
      let cell = times.appendInstants(seconds, nanoseconds, lengths, from, to);
      while (cell < to) {
        addUnreadable(describeValue(dateOf(seconds[cell] ?? 0, 0)));
        cell = times.appendInstants(seconds, nanoseconds, lengths, cell + 1, to);
      }
    },
    append: appendAny,
    finish() {
      report.endPiece(builder.length);
      return { column: builder.finish(), notices: report.notices(name, builder.type) };
    },
  };
  return writer;
}

/** False for a value that the builder did not take. Other errors are thrown on. */
function refused(error: unknown): false {
  if (error instanceof FrameError) {
    return false;
  }
  throw error;
}

/** A builder of which no more is known. */
interface AnyBuilder {
  readonly type: FieldType;
}

/** Also those of 64 bits, to which a number can be appended. */
function takesAnyNumbers(builder: AnyBuilder): builder is ColumnBuilder<"float64"> {
  return isNumericType(builder.type);
}

function takesNumbers(builder: AnyBuilder): builder is NumberColumnBuilder {
  return isNumericType(builder.type) && builder.type !== "int64" && builder.type !== "uint64";
}

function takesIntegers(builder: AnyBuilder): builder is IntegerColumnBuilder {
  return builder.type === "int64";
}

function takesInstants(builder: AnyBuilder): builder is TimeColumnBuilder {
  return builder.type === "time";
}

/** The text of a value. Objects may have none of their own, so they are not asked for one. */
function describeValue(value: unknown): string {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  }
  return typeof value === "object" ? "an object" : String(value);
}
