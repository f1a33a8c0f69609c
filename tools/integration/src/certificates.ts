import { generate } from "selfsigned";

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

const HOUR = 3_600_000;

/** Makes an authority that nobody trusts yet. */
export async function createAuthority(commonName: string): Promise<CertificateAuthority> {
  const now = Date.now();
  const { cert, private: key } = await generate(name(commonName), {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(now - HOUR * 48),
    notAfterDate: new Date(now + HOUR),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    cert,
    key,
    async issue(commonName, names = [], ended = false) {
      const signed = await generate(name(commonName), {
        keyType: "ec",
        algorithm: "sha256",
        notBeforeDate: new Date(now - HOUR * 24),
        notAfterDate: new Date(ended ? now - HOUR : now + HOUR),
        ca: { key, cert },
        extensions: [
          { name: "basicConstraints", cA: false },
          ...(names.length === 0
            ? []
            : [{ name: "subjectAltName" as const, altNames: names.map((value) => ({ type: 2 as const, value })) }]),
        ],
      });
      return { cert: signed.cert, key: signed.private };
    },
  };
}

function name(value: string) {
  return [{ name: "commonName", value }];
}
