import { ReadBuffer } from "../wire/read-buffer.js";
import { MESSAGE_HEADER } from "./messages.js";
import { unreadable } from "./server-error.js";

/** No message of a server is longer: its memory for one ends there. */
const MOST_BYTES = 2 ** 30;

/** Finds the messages in what a server sends. */
export class MessageReader extends ReadBuffer {
  /** The letter of the message found last. */
  letter = 0;
  /** Where its content begins and ends in {@link bytes}, until more is pushed. */
  start = 0;
  end = 0;

  /** Goes to the next message. False where it is not complete yet. @throws ConnectionLostError if it can be none of PostgreSQL's */
  next(): boolean {
    if (!this.has(MESSAGE_HEADER)) {
      return false;
    }
    // Read with its sign, which no length has: JavaScriptCore may hold one without as a double, and leaves its loops over rows for each.
    const length = 1 + this.bytes.readInt32BE(this.at + 1);
    if (length < MESSAGE_HEADER || length > MOST_BYTES) {
      throw unreadable();
    }
    if (!this.has(length)) {
      return false;
    }
    const { at } = this;
    this.letter = this.bytes[at] ?? 0;
    this.start = at + MESSAGE_HEADER;
    this.end = at + length;
    this.at = this.end;
    return true;
  }
}
