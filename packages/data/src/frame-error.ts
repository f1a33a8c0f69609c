/** A value, field or frame that does not hold together: what is wrong, and in which field and row. */
export class FrameError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "FrameError";
  /** Name of the field at fault, where it is known. */
  readonly field: string | undefined;
  /** Row at fault, counted from 0, where it is known. */
  readonly row: number | undefined;

  /** The message is `field "<field>", row <row>: <problem>`, without the parts that are not known. */
  constructor(
    problem: string,
    where: { readonly field?: string | undefined; readonly row?: number | undefined } = {},
    options?: ErrorOptions,
  ) {
    const parts: string[] = [];
    if (where.field !== undefined && where.field !== "") {
      parts.push(`field ${JSON.stringify(where.field)}`);
    }
    if (where.row !== undefined) {
      parts.push(`row ${where.row}`);
    }
    super(parts.length === 0 ? problem : `${parts.join(", ")}: ${problem}`, options);
    this.field = where.field;
    this.row = where.row;
  }
}

const MANY = 10n ** 40n;

/** A value as an error message shows it: its type where that says more, and never more than a few words of it. */
export function describe(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString();
  }
  if (typeof value === "bigint") {
    // No more digits are made than are shown: a bigint may have millions.
    return value > -MANY && value < MANY ? `${value}n` : "a bigint of more than 40 digits";
  }
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "an array" : "an object";
  }
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}
