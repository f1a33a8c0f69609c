import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** What happens to a response's body on its way. */
export interface ResponseBodyOptions {
  /** Value of `Content-Encoding`; empty for none. */
  readonly encoding: string;
  /** Most bytes, decoded, and the error for more; undefined is no limit. */
  readonly limit: { readonly bytes: number; readonly error: Error } | undefined;
  /** Makes the reader's error of the engine's. */
  mapError(error: unknown): unknown;
  /** Called once, when the body has ended, broke off or was given up: how many bytes were read from it. */
  onClose(bytes: number): void;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Most encodings on top of each other: each one multiplies what a few bytes can become. */
const MAX_ENCODINGS = 3;

/** Whether the client can undo a `Content-Encoding`; what it cannot is handed on as it is. */
export function canDecode(encoding: string): boolean {
  const names = encodingsOf(encoding);
  return names.length > 0 && names.length <= MAX_ENCODINGS && names.every((name) => DECODERS[name] !== undefined);
}

/**
 * Turns the engine's body into a Web stream: decoded, counted, held to its limit, and read only as fast as its reader.
 */
export function responseBody(source: Readable, options: ResponseBodyOptions): ReadableStream<Uint8Array> {
  const stream = decode(source, options.encoding);
  let bytes = 0;
  stream.once("close", () => options.onClose(bytes));
  // Its reader gets the error from the iterator; without one, it is nobody's.
  stream.on("error", () => {});
  let chunks: AsyncIterator<unknown> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          chunks ??= stream[Symbol.asyncIterator]();
          const { done, value } = await chunks.next();
          if (done === true) {
            controller.close();
            return;
          }
          if (!(value instanceof Uint8Array)) {
            throw new TypeError("a body must consist of bytes");
          }
          bytes += value.byteLength;
          if (options.limit !== undefined && bytes > options.limit.bytes) {
            stream.destroy();
            controller.error(options.mapError(options.limit.error));
            return;
          }
          controller.enqueue(value);
        } catch (error) {
          controller.error(options.mapError(error));
        }
      },
      cancel() {
        stream.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

function decode(source: Readable, encoding: string): Readable {
  if (!canDecode(encoding)) {
    return source;
  }
  return encodingsOf(encoding).reduceRight<Readable>((stream, name) => {
    const decoder = DECODERS[name]?.();
    // The decoder is destroyed with the error of what comes before it, and the other way round.
    return decoder === undefined ? stream : pipeline(stream, decoder, () => {});
  }, source);
}

function encodingsOf(encoding: string): string[] {
  return encoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
}
