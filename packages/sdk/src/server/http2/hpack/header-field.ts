/** What a header counts beside its name and value, in bytes. Source: https://www.rfc-editor.org/rfc/rfc7541#section-4.1 */
const OVERHEAD_BYTES = 32;

/** A header as HPACK keeps it. Each byte of its name and value is a character. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
  /** What it counts in a table or a list, in bytes. */
  readonly size: number;
}

/** Makes a header. */
export function headerField(name: string, value: string): HeaderField {
  return { name, value, size: name.length + value.length + OVERHEAD_BYTES };
}
