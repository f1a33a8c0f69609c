import type { MessageReader } from "./message-reader.js";
import { Letter, MESSAGE_HEADER } from "./messages.js";
import { unreadable } from "./server-error.js";

/** So many rows are taken at a time, and so many cells of wide ones: enough to make a loop of each column, and all still near the processor. */
export const BATCH_ROWS = 256;
const BATCH_CELLS = 8_192;

/** Where the cells of one column lie: the cell of row `i` begins at `starts[i]` and has `lengths[i]` bytes, or no value where that is below 0. */
export interface CellPlaces {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/** Places of each column of the batch that is read now. All results share them, since none waits for anything between finding and reading. */
const places: CellPlaces[] = [];

const NO_BYTES = Buffer.alloc(0);
const NO_VIEW = new DataView(new ArrayBuffer(0));

/** Some rows of a result, column by column. What it found is there until the next `find` of any batch. */
export class RowBatch {
  /** The memory in which the cells lie. */
  bytes: Buffer = NO_BYTES;
  view: DataView = NO_VIEW;
  readonly #columns: number;
  readonly #mostRows: number;

  constructor(columns: number) {
    this.#columns = columns;
    this.#mostRows = Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_CELLS / columns)));
    while (places.length < columns) {
      places.push({ starts: new Int32Array(BATCH_ROWS), lengths: new Int32Array(BATCH_ROWS) });
    }
  }

  /** Where the cells of each column lie; there may be more of these than columns. */
  get places(): readonly CellPlaces[] {
    return places;
  }

  /**
   * Finds the cells of the row that the reader is at, and of those right behind it that have come whole, and moves the reader behind them.
   * @param most how many rows may be found
   * @returns how many were found, 1 at least
   * @throws ConnectionLostError where a row is not as long as its cells
   */
  find(reader: MessageReader, most: number): number {
    const { bytes, filled } = reader;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const { view } = this;
    const limit = Math.min(most, this.#mostRows);
    let at = reader.start - MESSAGE_HEADER;
    let rows = 0;
    while (rows < limit && filled - at >= MESSAGE_HEADER && view.getUint8(at) === Letter.dataRow) {
      const end = at + 1 + view.getInt32(at + 1);
      if (end > filled) {
        break;
      }
      findCells(view, at + MESSAGE_HEADER, end, this.#columns, rows);
      rows++;
      at = end;
    }
    reader.at = at;
    return rows;
  }
}

/** Notes where the cells of a row lie, whose message has its content from `start` to `end`. */
function findCells(view: DataView, start: number, end: number, columns: number, row: number): void {
  // How many columns there are was said before.
  let at = start + 2;
  for (let column = 0; column < columns; column++) {
    const place = places[column];
    if (place === undefined || at + 4 > end) {
      throw unreadable();
    }
    const length = view.getInt32(at);
    at += 4;
    place.starts[row] = at;
    place.lengths[row] = length;
    if (length > 0) {
      at += length;
    }
  }
  if (at !== end) {
    throw unreadable();
  }
}
