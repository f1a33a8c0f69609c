/**
 * Packets that a client sends to MySQL, MariaDB and what speaks their protocol.
 * Source: https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html, https://mariadb.com/kb/en/clientserver-protocol/
 */

/** The first byte of packets that are no rows. */
export const Lead = { ok: 0x00, infile: 0xfb, eof: 0xfe, error: 0xff } as const;

/** The longest packet; one that is as long goes on in the next. */
export const MAX_PACKET = 0xff_ffff;

export const quit = command(0x01);
/** Asks whether the server is there. */
export const ping = command(0x0e);

/** Makes the session as it is after a login, but for its database. */
export const resetConnection = command(0x1f);

/** Changes the session's database. */
export function useDatabase(name: string): Buffer {
  return command(0x02, Buffer.from(name));
}

/** Runs a statement; its rows come as text. */
export function query(sql: string): Buffer {
  return command(0x03, Buffer.from(sql));
}

/** Has the server check a statement. */
export function prepare(sql: string): Buffer {
  return command(0x16, Buffer.from(sql));
}

/** Runs a statement that was prepared; its rows are binary. */
export function execute(id: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt32LE(id);
  // Without a cursor, which would be 1 in the byte between, and once.
  bytes.writeUInt32LE(1, 5);
  return command(0x17, bytes);
}

/** Runs the statement that was prepared last. MariaDB has it from 10.2 on. */
export const executeLast = execute(0xffff_ffff);

/** Forgets a statement that was prepared. There is no answer. */
export function closeStatement(id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(id);
  return command(0x19, bytes);
}

/** A command in as many packets as it needs. */
function command(code: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const whole = Buffer.concat([Buffer.from([code]), content]);
  const parts: Buffer[] = [];
  for (let at = 0, sequence = 0; ; at += MAX_PACKET, sequence++) {
    const part = whole.subarray(at, at + MAX_PACKET);
    const header = Buffer.alloc(4);
    header.writeUIntLE(part.length, 0, 3);
    header[3] = sequence & 0xff;
    parts.push(header, part);
    if (part.length < MAX_PACKET) {
      return Buffer.concat(parts);
    }
  }
}

/** The answer to a question of the server for a file: there is none. @param sequence the number of the server's packet */
export function emptyAnswer(sequence: number): Buffer {
  return Buffer.from([0, 0, 0, (sequence + 1) & 0xff]);
}
