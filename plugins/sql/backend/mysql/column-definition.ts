import { readNumber, readText } from "./length-encoded.js";

/** What a server says of a column. */
export interface ColumnDefinition {
  readonly name: string;
  /** The number of the type on the wire: {@link TypeNumber}. */
  readonly type: number;
  /** How many characters, or bytes, a text of it has at most, as far as the server knows. */
  readonly length: number;
  readonly isUnsigned: boolean;
  /** Whether its texts are bytes. */
  readonly isBinary: boolean;
  /** How many digits are shown behind the point; more than any type has where that is not fixed. */
  readonly decimals: number;
  /** What MariaDB says beside: the name of the type, or `json`. */
  readonly extended: string;
}

/** The number of the character set of bytes. */
const BINARY = 63;
const UNSIGNED = 0x20;

/** Reads the packet that defines a column. @param hasExtendedMetadata whether the server says more of it than MySQL does */
export function readColumn(packet: Buffer, start: number, hasExtendedMetadata: boolean): ColumnDefinition {
  let at = start;
  let name = "";
  // Catalog, schema, table, original table, name, original name.
  for (let field = 0; field < 6; field++) {
    const [length, from] = readNumber(packet, at);
    at = from + length;
    if (field === 4) {
      name = packet.toString("utf8", from, at);
    }
  }
  let extended = "";
  if (hasExtendedMetadata) {
    const [length, from] = readNumber(packet, at);
    at = from + length;
    extended = readExtended(packet, from, at);
  }
  // The length of what follows: character set, length, type, flags, decimals.
  at++;
  return {
    name,
    type: packet[at + 6] ?? 0,
    length: packet.readUInt32LE(at + 2),
    isUnsigned: (packet.readUInt16LE(at + 7) & UNSIGNED) !== 0,
    isBinary: packet.readUInt16LE(at) === BINARY,
    decimals: packet[at + 9] ?? 0,
    extended,
  };
}

/** Pairs of a kind and a text, of which one says the type's name or its format. */
function readExtended(packet: Buffer, start: number, end: number): string {
  let extended = "";
  for (let at = start; at < end; ) {
    const [value, next] = readText(packet, at + 1);
    extended = value;
    at = next;
  }
  return extended;
}
