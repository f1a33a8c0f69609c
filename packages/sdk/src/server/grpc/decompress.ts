import { constants } from "node:buffer";
import { promisify } from "node:util";
import { status } from "./status.js";
import { StatusError } from "./status-error.js";

/** What a client may compress its messages with, for the header `grpc-accept-encoding`. */
export const ACCEPTED_ENCODINGS = "identity,deflate,gzip";

/**
 * Decompresses a message. What does so is loaded by the first one: Grafana compresses none.
 *
 * @param encoding the call's header `grpc-encoding`
 * @param maxBytes of the message when it is decompressed; -1 for any size
 * @throws StatusError
 */
export async function decompress(bytes: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const zlib = await import("node:zlib");
  if (encoding === undefined || encoding === "identity") {
    throw new StatusError(status.INTERNAL, "Received compressed message, but the call has no grpc-encoding");
  }
  const inflate = encoding === "gzip" ? zlib.gunzip : encoding === "deflate" ? zlib.inflate : undefined;
  if (inflate === undefined) {
    const details = `Received message compressed with unsupported encoding ${JSON.stringify(encoding)}`;
    throw new StatusError(status.UNIMPLEMENTED, details);
  }
  try {
    const limit = maxBytes === -1 ? {} : { maxOutputLength: Math.min(Math.max(1, maxBytes), constants.MAX_LENGTH) };
    return await promisify<Buffer, object, Buffer>(inflate)(bytes, limit);
  } catch (error) {
    if (error instanceof RangeError) {
      const details = `Received message that decompresses to a size larger than ${maxBytes}`;
      throw new StatusError(status.RESOURCE_EXHAUSTED, details);
    }
    throw new StatusError(status.INTERNAL, "Failed to decompress message");
  }
}
