import { ConnectionError, errorCode } from "./error-code.js";

/** The numbers of settings. Source: https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2 */
const setting = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

/** A number and its value. */
const SETTING_BYTES = 6;

/** The largest window of flow control, in bytes. */
export const MAX_WINDOW = 2 ** 31 - 1;

/** The window of a stream and of the connection where nothing else was said, in bytes. */
export const DEFAULT_WINDOW = 65_535;

/** The size of a table of headers where nothing else was said, in bytes. */
export const DEFAULT_HEADER_TABLE_BYTES = 4_096;

/** The longest payload of a frame where nothing else was said, in bytes: the least that there may be. */
export const DEFAULT_FRAME_BYTES = 16_384;

/** All headers of a request together, as HPACK counts them, in bytes. */
export const MAX_HEADER_BYTES = 1024 * 1024;

/** How much of a request the client may send ahead of what was taken, in bytes: of one, and of all on a connection. */
export const RECEIVE_WINDOW = 1024 * 1024;
export const CONNECTION_RECEIVE_WINDOW = 4 * RECEIVE_WINDOW;

/** What a client says of itself, as far as it matters to what is sent. */
export interface ClientSettings {
  /** The window that its streams begin with, in bytes. */
  initialWindow?: number;
  /** The longest payload of a frame that it takes, in bytes. */
  maxFrameBytes?: number;
  /** How large a table of the headers that are sent to it may be, in bytes. */
  headerTableBytes?: number;
}

/** Reads a client's settings. @throws ConnectionError */
export function readSettings(payload: Buffer): ClientSettings {
  if (payload.length % SETTING_BYTES !== 0) {
    throw new ConnectionError(errorCode.FRAME_SIZE_ERROR, `settings of ${payload.length} bytes`);
  }
  const settings: ClientSettings = {};
  for (let at = 0; at < payload.length; at += SETTING_BYTES) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case setting.ENABLE_PUSH:
        check(value <= 1, errorCode.PROTOCOL_ERROR, "ENABLE_PUSH", value);
        break;
      case setting.INITIAL_WINDOW_SIZE:
        check(value <= MAX_WINDOW, errorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE", value);
        settings.initialWindow = value;
        break;
      case setting.MAX_FRAME_SIZE:
        check(value >= DEFAULT_FRAME_BYTES && value < 2 ** 24, errorCode.PROTOCOL_ERROR, "MAX_FRAME_SIZE", value);
        settings.maxFrameBytes = value;
        break;
      case setting.HEADER_TABLE_SIZE:
        settings.headerTableBytes = value;
        break;
      default:
    }
  }
  return settings;
}

/** What the server says of itself. */
export function serverSettings(): Buffer {
  const payload = Buffer.alloc(2 * SETTING_BYTES);
  payload.writeUInt16BE(setting.INITIAL_WINDOW_SIZE, 0);
  payload.writeUInt32BE(RECEIVE_WINDOW, 2);
  payload.writeUInt16BE(setting.MAX_HEADER_LIST_SIZE, SETTING_BYTES);
  payload.writeUInt32BE(MAX_HEADER_BYTES, SETTING_BYTES + 2);
  return payload;
}

function check(
  isRight: boolean,
  code: typeof errorCode.PROTOCOL_ERROR | typeof errorCode.FLOW_CONTROL_ERROR,
  name: string,
  value: number,
): void {
  if (!isRight) {
    throw new ConnectionError(code, `${name} is ${value}`);
  }
}
