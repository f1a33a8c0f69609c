import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { codeOf } from "../errors/code-of.js";
import type { DownstreamError } from "../errors.js";
import { secretError } from "../settings/json-data.js";

/** The certificates and the key of a data source's TLS settings. */
export interface TlsPems {
  /** PEM of the only authorities to trust; undefined trusts those of the system. Saved as the secret `tlsCACert`. */
  readonly ca?: string | undefined;
  /** PEM of what is shown to the server. Saved as the secrets `tlsClientCert` and `tlsClientKey`. */
  readonly client?: { readonly cert: string; readonly key: string } | undefined;
}

/** The part of TLS options that comes from PEM texts, checked. */
export interface TlsMaterial {
  /** The only authorities to trust; absent for those of the system. */
  readonly ca?: readonly string[];
  /** The certificate to show. */
  readonly cert?: string;
  /** Its key. */
  readonly key?: string;
}

/**
 * Checks the certificates and the key of a data source's TLS settings, so that what is wrong is said once and by name, and not by
 * each request in OpenSSL's words.
 *
 * @throws DownstreamError (400) that names the secret
 */
export function checkTlsMaterial({ ca, client }: TlsPems): TlsMaterial {
  const authorities = ca === undefined ? undefined : readCertificates("tlsCACert", ca);
  if (client === undefined) {
    return authorities === undefined ? {} : { ca: authorities };
  }
  const [certificate] = readCertificates("tlsClientCert", client.cert);
  const key = readKey("tlsClientKey", client.key);
  if (certificate !== undefined && !new X509Certificate(certificate).checkPrivateKey(key)) {
    throw secretError("tlsClientKey", "is not the key of the certificate in tlsClientCert");
  }
  return { cert: client.cert, key: client.key, ...(authorities === undefined ? {} : { ca: authorities }) };
}

function readCertificates(secret: string, text: string): string[] {
  const blocks = text.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END [^-]*-----/g) ?? [];
  if (blocks.length === 0) {
    throw secretError(secret, 'holds no certificate: it must have a line "-----BEGIN CERTIFICATE-----"');
  }
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch {
      const which = blocks.length === 1 ? "the certificate" : `certificate ${index + 1} of ${blocks.length}`;
      throw secretError(secret, `is damaged: ${which} cannot be read`);
    }
  }
  return blocks;
}

function readKey(secret: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw keyError(secret, text, error);
  }
}

function keyError(secret: string, text: string, error: unknown): DownstreamError {
  const encrypted = codeOf(error) === "ERR_MISSING_PASSPHRASE" || /ENCRYPTED/.test(text);
  return secretError(
    secret,
    encrypted
      ? "is encrypted with a passphrase, which Grafana has no field for: give the key without one"
      : 'cannot be read: it must be a private key that begins with a line such as "-----BEGIN PRIVATE KEY-----"',
  );
}
