/** Headers that are sent, their names in lower case, all of it in ASCII. */
export type SentHeaders = readonly (readonly [name: string, value: string])[];

/** `:status: 200`, which has a number from the beginning. */
const STATUS_200 = 0x88;

/**
 * Writes headers without giving numbers to any: a block is the same on all connections, and one that is sent often is made once.
 * Source: https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2
 */
export function encodeHeaders(headers: SentHeaders): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of headers) {
    if (name === ":status" && value === "200") {
      parts.push(Buffer.from([STATUS_200]));
    } else {
      parts.push(Buffer.from([0]), text(name), text(value));
    }
  }
  return Buffer.concat(parts);
}

/** A text behind its length, which goes on in further bytes where it is 127 or more. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  const length: number[] = [Math.min(bytes.length, 127)];
  if (bytes.length >= 127) {
    let rest = bytes.length - 127;
    for (; rest >= 128; rest >>>= 7) {
      length.push((rest & 0x7f) | 0x80);
    }
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
