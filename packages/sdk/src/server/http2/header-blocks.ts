import { ConnectionError, errorCode } from "./error-code.js";
import { FRAME_HEADER_BYTES, type Frame, frameFlag } from "./frame.js";
import { withoutPadding } from "./frame-checks.js";
import { HeaderDecoder } from "./hpack/header-decoder.js";
import type { HeaderField } from "./hpack/header-field.js";
import { readPriority } from "./priority.js";
import { MAX_HEADER_BYTES } from "./settings.js";

/** The longest block as it comes in its frames, in bytes: each of them costs something, also one without a byte of the block. */
const MAX_BLOCK_BYTES = MAX_HEADER_BYTES;

/** Headers that have come to their end. */
export interface HeaderBlock {
  readonly streamId: number;
  /** Whether they end the request. */
  readonly isEnd: boolean;
  /** Whether they make the stream depend on itself. */
  readonly dependsOnItself: boolean;
  /** Undefined where there are more than {@link MAX_HEADER_BYTES} of them. */
  readonly fields: readonly HeaderField[] | undefined;
}

/** A block of which more is to come. */
interface OpenBlock extends Omit<HeaderBlock, "fields"> {
  readonly parts: Buffer[];
  bytes: number;
}

/** Puts the headers of a connection together, whose blocks may come in several frames. Source: https://www.rfc-editor.org/rfc/rfc9113#section-4.3 */
export class HeaderBlocks {
  /** Reads each block, also of streams that nobody wants: later ones may be made of what it said. */
  readonly #decoder = new HeaderDecoder(MAX_HEADER_BYTES);
  #open: OpenBlock | undefined;

  /** Whether a block has begun that is to go on in the next frame. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Takes a frame of headers. @returns the block, where it is complete @throws ConnectionError */
  begin(frame: Frame): HeaderBlock | undefined {
    const { flags, streamId } = frame;
    const [start, end] = withoutPadding(frame);
    const { next, dependsOnItself } = readPriority(frame, start, end);
    const isEnd = (flags & frameFlag.END_STREAM) !== 0;
    if ((flags & frameFlag.END_HEADERS) !== 0) {
      return { streamId, isEnd, dependsOnItself, fields: this.#decoder.decode(frame.bytes, next, end) };
    }
    this.#open = { streamId, isEnd, dependsOnItself, parts: [], bytes: 0 };
    this.#add(this.#open, frame.bytes.subarray(next, end));
    return undefined;
  }

  /** Takes a frame that goes on with a block. @returns the block, where it is complete @throws ConnectionError */
  continueWith({ streamId, flags, bytes, start, end }: Frame): HeaderBlock | undefined {
    const block = this.#open;
    if (block === undefined || block.streamId !== streamId) {
      throw new ConnectionError(errorCode.PROTOCOL_ERROR, "there is no block of headers to go on with");
    }
    this.#add(block, bytes.subarray(start, end));
    if ((flags & frameFlag.END_HEADERS) === 0) {
      return undefined;
    }
    this.#open = undefined;
    const { isEnd, dependsOnItself } = block;
    const whole = Buffer.concat(block.parts, block.bytes);
    return { streamId, isEnd, dependsOnItself, fields: this.#decoder.decode(whole, 0, whole.length) };
  }

  #add(block: OpenBlock, part: Buffer): void {
    block.parts.push(part);
    block.bytes += part.length;
    if (block.bytes + block.parts.length * FRAME_HEADER_BYTES > MAX_BLOCK_BYTES) {
      throw new ConnectionError(errorCode.ENHANCE_YOUR_CALM, `headers of more than ${MAX_BLOCK_BYTES} bytes`);
    }
  }
}
