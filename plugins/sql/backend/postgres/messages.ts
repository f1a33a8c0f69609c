import { DownstreamError } from "@framewright/sdk";

/**
 * Messages that a client sends, and the letters of those it gets.
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** The letter of a message, and the length of what follows. */
export const MESSAGE_HEADER = 5;

/** The first byte of each message from the server that matters here. */
export const Letter = {
  bindComplete: 0x32, // 2
  commandComplete: 0x43, // C
  copyInResponse: 0x47, // G
  copyOutResponse: 0x48, // H
  dataRow: 0x44, // D
  error: 0x45, // E
  noData: 0x6e, // n
  notice: 0x4e, // N
  notification: 0x41, // A
  parameterDescription: 0x74, // t
  parameterStatus: 0x53, // S
  readyForQuery: 0x5a, // Z
  rowDescription: 0x54, // T
} as const;

/** Asks whether the server speaks TLS; it answers with the letter S or N. */
export const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

export const sync = message("S");
export const terminate = message("X");
/** Describes the unnamed statement. */
export const describeStatement = message("D", Buffer.from("S\0"));
/** Describes the unnamed portal, in which values are bound to a statement. */
export const describePortal = message("D", Buffer.from("P\0"));
/** Runs the unnamed portal to its end. */
export const execute = message("E", Buffer.alloc(5));
export const copyFail = message("f", cString("COPY is not possible here"));

/** Runs statements the simple way. */
export function query(sql: string): Buffer {
  return message("Q", cString(sql));
}

/** Prepares a statement: the unnamed one unless a name is given. */
export function parse(sql: string, name = ""): Buffer {
  return message("P", cString(name), cString(sql), int16(0));
}

/** Forgets a statement that was prepared, if there is one of that name. */
export function closeStatement(name: string): Buffer {
  return message("C", Buffer.from("S"), cString(name));
}

/** Runs a statement without values, whose rows do not matter, the extended way: no answer is complete before the next {@link sync}. */
export function run(sql: string): Buffer {
  return Buffer.concat([parse(sql), bind([], []), execute]);
}

/**
 * Binds values, as texts, to a statement: the unnamed one unless a name is given.
 * @param formats of each column of the result: 0 for text, 1 for binary
 */
export function bind(values: readonly string[], formats: readonly number[], name = ""): Buffer {
  const parameters = values.flatMap((value) => {
    const bytes = Buffer.from(value);
    return [int32(bytes.length), bytes];
  });
  return message(
    "B",
    cString(""),
    cString(name),
    int16(0),
    int16(values.length),
    ...parameters,
    int16(formats.length),
    ...formats.map(int16),
  );
}

/** Asks, on a connection of its own, that the statement of another connection be stopped. */
export function cancelRequest(processId: number, secretKey: number): Buffer {
  return Buffer.concat([int32(16), int16(1234), int16(5678), int32(processId), int32(secretKey)]);
}

function message(letter: string, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(letter), int32(length), ...parts]);
}

/** @throws DownstreamError (400) if the text would end before its end */
function cString(text: string): Buffer {
  if (text.includes("\0")) {
    throw new DownstreamError("a text for the database has a character with the code 0 in it", { status: 400 });
  }
  return Buffer.from(`${text}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
