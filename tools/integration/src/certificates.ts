import { webcrypto } from "node:crypto";
// Before @peculiar/x509, whose dependency injection looks for the polyfill while it loads.
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of a test. */
export interface CertificateAuthority extends Certificate {
  /**
   * Signs a certificate.
   *
   * @param names DNS names it is for; none for a client's
   * @param ended whether it has expired
   */
  issue(commonName: string, names?: readonly string[], ended?: boolean): Promise<Certificate>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR = 3_600_000;

/** Makes an authority that nobody trusts yet. */
export async function createAuthority(commonName: string): Promise<CertificateAuthority> {
  const now = Date.now();
  const keys = await createKeys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(now - 48 * HOUR),
    notAfter: new Date(now + HOUR),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    ...(await toPem(authority, keys)),
    async issue(commonName, names = [], ended = false) {
      const own = await createKeys();
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: authority.subject,
        notBefore: new Date(now - 24 * HOUR),
        notAfter: new Date(ended ? now - HOUR : now + HOUR),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new BasicConstraintsExtension(false),
          ...(names.length === 0
            ? []
            : [new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value })))]),
        ],
      });
      return toPem(certificate, own);
    },
  };
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function toPem(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<Certificate> {
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { cert: `${certificate.toString("pem")}\n`, key: `${key}\n` };
}
