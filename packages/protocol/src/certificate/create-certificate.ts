import { webcrypto } from "node:crypto";
// Before @peculiar/x509, whose dependency injection looks for the polyfill while it loads.
import "./reflect-polyfill.js";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key. */
export interface Certificate {
  /** The certificate as PEM. */
  readonly cert: string;
  /** The private key as PEM (PKCS #8). It never leaves the process it was made in. */
  readonly key: string;
}

/** The one name that both sides of AutoMTLS go by. */
const NAME = "localhost";

/** P-256, not go-plugin's own P-521: every TLS library signs and verifies with it, BoringSSL among them. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** How long before now the certificate begins to be valid, in ms, for a peer whose clock is a little behind. */
const BACKDATED_MS = 30_000;

/** How long the certificate is valid, in ms: 30 years, so that no process lives to see its end. */
const VALID_MS = 30 * 365.25 * 24 * 60 * 60 * 1_000;

/**
 * Makes a fresh self-signed ECDSA certificate for `localhost`, as either side of AutoMTLS shows it to the other: usable as
 * client, as server, and as the certificate authority against which it is itself verified.
 * Source: go-plugin's `generateCert` (mtls.go), from which it differs in the curve.
 */
export async function createCertificate(): Promise<Certificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${NAME}, O=Framewright`,
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + VALID_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement | KeyUsageFlags.keyCertSign,
        true,
      ),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: "dns", value: NAME }]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { cert: `${certificate.toString("pem")}\n`, key: `${PemConverter.encode(pkcs8, "PRIVATE KEY")}\n` };
}
