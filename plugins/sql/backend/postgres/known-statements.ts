import { TemplateMap } from "../template-map.js";
import { type DescribedColumn, typeOfColumn } from "./column-types.js";
import * as messages from "./messages.js";
import { readColumns } from "./read-columns.js";

/** What is known of the statements of a template. */
export class KnownStatement {
  readonly columns: readonly DescribedColumn[];
  /** The format of each column, as Bind has it. */
  readonly formats: readonly number[];
  /** What is sent behind the unnamed statement to have it run and its result described. */
  readonly run: Buffer;
  /** The RowDescription that had the columns last. */
  #description: Buffer | undefined;

  constructor(columns: readonly DescribedColumn[], formats: readonly number[]) {
    this.columns = columns;
    this.formats = formats;
    this.run = runDescribed(formats);
  }

  /** Whether a RowDescription, `bytes[start .. end)`, has these columns. */
  isDescribedBy(bytes: Buffer, start: number, end: number): boolean {
    if (this.#description?.compare(bytes, start, end) === 0) {
      return true;
    }
    const isSame = isSameResult(readColumns(bytes, start, end), this.columns);
    if (isSame) {
      this.#description = Buffer.from(bytes.subarray(start, end));
    }
    return isSame;
  }
}

/** The columns of statements that ran before, by their templates. */
export class KnownStatements {
  readonly #known = new TemplateMap<KnownStatement>();
  readonly #isBinary: boolean;

  /** @param isBinary whether to ask for the binary format where it can be read */
  constructor(isBinary: boolean) {
    this.#isBinary = isBinary;
  }

  get(template: string): KnownStatement | undefined {
    return this.#known.get(template);
  }

  /** Keeps what was learnt. */
  set(template: string, columns: readonly DescribedColumn[]): void {
    const formats = resultFormats(columns, this.#isBinary);
    this.#known.set(template, new KnownStatement(columns, formats));
  }

  /** Forgets what has turned out to be wrong. */
  delete(template: string): void {
    this.#known.delete(template);
  }
}

/** How a statement is run whose columns are known. */
export interface Run {
  /** The name by which it is bound; empty for the unnamed one. */
  readonly name: string;
  /** What is to be sent. */
  readonly messages: readonly Buffer[];
}

/** Has a statement parsed, run and its result described. */
export function runUnnamed(sql: string, { run }: KnownStatement): Run {
  return { name: "", messages: [messages.parse(sql), run] };
}

/** What has a statement run and its result described. @param name the statement's; the unnamed one's unless given */
export function runDescribed(formats: readonly number[], name = ""): Buffer {
  return Buffer.concat([messages.bind([], formats, name), messages.describePortal, messages.execute]);
}

/** The format of each column, as Bind has it: 1 for binary, 0 for text. */
export function resultFormats(columns: readonly DescribedColumn[], isBinary: boolean): number[] {
  return columns.map((column) => (isBinary && typeOfColumn(column).readBinary !== undefined ? 1 : 0));
}

/** Whether two statements have the same columns. */
function isSameResult(a: readonly DescribedColumn[], b: readonly DescribedColumn[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, oid, modifier }, index) => {
      const other = b[index];
      return other !== undefined && name === other.name && oid === other.oid && modifier === other.modifier;
    })
  );
}
