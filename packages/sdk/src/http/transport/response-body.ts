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
  const { limit } = options;
  let bytes = 0;
  let over = false;
  stream.once("close", () => options.onClose(bytes));
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (finish: () => void): void => {
          if (!over) {
            over = true;
            finish();
          }
        };
        stream.on("error", (error) => end(() => controller.error(options.mapError(error))));
        stream.on("end", () => end(() => controller.close()));
        stream.on("data", (chunk: Uint8Array) => {
          bytes += chunk.byteLength;
          if (over) {
            return;
          }
          if (limit !== undefined && bytes > limit.bytes) {
            stream.destroy(limit.error);
            return;
          }
          // Until its reader wants the next one; an iterator would do the same at three times the cost of a small answer.
          stream.pause();
          controller.enqueue(chunk);
        });
        stream.pause();
      },
      pull() {
        stream.resume();
      },
      cancel() {
        over = true;
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
