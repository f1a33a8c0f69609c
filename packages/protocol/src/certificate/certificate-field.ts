import { X509Certificate } from "node:crypto";
import { HandshakeError } from "../handshake/handshake-line.js";

/** Writes a certificate (PEM) as the handshake's sixth field: its DER in base64 without padding. */
export function encodeServerCert(pem: string): string {
  return new X509Certificate(pem).raw.toString("base64").replace(/=+$/, "");
}

/**
 * Reads the handshake's sixth field as a certificate (PEM).
 *
 * @throws HandshakeError when the field is not base64 or what it holds is no certificate
 */
export function decodeServerCert(field: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(field)) {
    throw new HandshakeError(
      "the handshake's sixth field is not base64; with AutoMTLS it holds the plugin's certificate",
    );
  }
  try {
    return new X509Certificate(Buffer.from(field, "base64")).toString();
  } catch (cause) {
    throw new HandshakeError("the handshake's sixth field is not an X.509 certificate (DER in base64)", { cause });
  }
}
