import type { CellWriter } from "@framewright/sdk/sql";
import type { ReadBinary } from "./binary-cells.js";

/**
 * Years of which every moment fits a column. What is outside of them is read as the text that the server would have sent, as are dates that
 * are none, such as 0000-00-00: both are told of with that text.
 */
const FIRST_YEAR = 1678;
const LAST_YEAR = 2261;

/** A length, then year (2 bytes), month, day, hour, minute, second, microseconds (4 bytes), of which zeros at the end are left out. */
const LENGTHS: ReadonlySet<number> = new Set([0, 4, 7, 11]);

/** What reads the cells of one column of the type DATE. */
export function dateReader(): ReadBinary {
  return momentReader(0, (day) => dayText(day));
}

/** What reads the cells of one column of the type DATETIME or TIMESTAMP. @param decimals how many digits its texts have behind the point; others are cut */
export function datetimeReader(decimals: number): ReadBinary {
  return momentReader(decimals, (day, seconds, microseconds) => {
    const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(":");
    const fraction = decimals === 0 ? "" : `.${String(microseconds).padStart(6, "0").slice(0, decimals)}`;
    return `${dayText(day)} ${clock}${fraction}`;
  });
}

/**
 * @param decimals how many digits behind the point are read
 * @param toText what the server's text would be. A day is packed as in the row: the year, then 16 bits the month, and 24 the day
 */
function momentReader(
  decimals: number,
  toText: (day: number, seconds: number, microseconds: number) => string,
): ReadBinary {
  const unit = 10 ** (6 - decimals);
  // The day of the cell before, which is that of the next one as a rule.
  let day = 0;
  let midnight: number | undefined;
  return (cell: CellWriter, row, at) => {
    const length = row[at] ?? 0;
    if (!LENGTHS.has(length)) {
      throw new RangeError(`a time of ${length} bytes`);
    }
    const today = length === 0 ? 0 : row.readUInt32LE(at + 1);
    if (today !== day) {
      day = today;
      midnight = midnightOf(today);
    }
    const seconds = length < 7 ? 0 : (row[at + 5] ?? 0) * 3_600 + (row[at + 6] ?? 0) * 60 + (row[at + 7] ?? 0);
    const exact = length < 11 ? 0 : row.readUInt32LE(at + 8);
    const microseconds = exact - (exact % unit);
    if (midnight === undefined) {
      cell.appendText(toText(today, seconds, microseconds));
    } else {
      cell.appendInstant(midnight + seconds, microseconds * 1_000);
    }
    return at + 1 + length;
  };
}

/** The seconds from 1970 to the beginning of a day; undefined for one that the calendar does not have, or that a column may not hold. */
function midnightOf(packed: number): number | undefined {
  const [year, month, day] = unpack(packed);
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    return undefined;
  }
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 1_000 : undefined;
}

function unpack(packed: number): readonly [year: number, month: number, day: number] {
  return [packed & 0xffff, (packed >>> 16) & 0xff, packed >>> 24];
}

function dayText(packed: number): string {
  const [year, month, day] = unpack(packed);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
