import { TemplateMap } from "../template-map.js";
import { type DescribedColumn, typeOfColumn } from "./column-types.js";
import * as messages from "./messages.js";

/** What is known of the statements of a template. */
export interface KnownStatement {
  readonly columns: readonly DescribedColumn[];
  /** What is sent behind the unnamed statement to have it run and its result described. */
  readonly run: Buffer;
  /** The format of each column, as Bind has it. */
  readonly formats: readonly number[];
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
    this.#known.set(template, { columns, formats, run: runKnown(formats) });
  }

  /** Forgets what has turned out to be wrong. */
  delete(template: string): void {
    this.#known.delete(template);
  }
}

/** What has a statement run and its result described. @param name the statement's; the unnamed one's unless given */
export function runKnown(formats: readonly number[], name = ""): Buffer {
  return Buffer.concat([messages.bind([], formats, name), messages.describePortal, messages.execute]);
}

/** The format of each column, as Bind has it: 1 for binary, 0 for text. */
export function resultFormats(columns: readonly DescribedColumn[], isBinary: boolean): number[] {
  return columns.map((column) => (isBinary && typeOfColumn(column).readBinary !== undefined ? 1 : 0));
}

/** Whether two statements have the same columns. */
export function isSameResult(a: readonly DescribedColumn[], b: readonly DescribedColumn[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, oid, modifier }, index) => {
      const other = b[index];
      return other !== undefined && name === other.name && oid === other.oid && modifier === other.modifier;
    })
  );
}
