import { type JsonDataReader, secretError } from "../../settings/json-data.js";
import type { Secrets } from "./http-settings.js";

/** How to trust a server, and what to show it. */
export interface TlsSettings {
  /** PEM of the only authorities to trust; undefined trusts those of the system. */
  readonly ca: string | undefined;
  /** PEM of the certificate that is shown to the server, and its key. */
  readonly client: { readonly cert: string; readonly key: string } | undefined;
  /** The name that the server's certificate has to be for; undefined is the host of the URL. */
  readonly serverName: string | undefined;
  /** Takes any certificate. The connection is then open to whoever sits in between. */
  readonly skipVerify: boolean;
  /** Oldest version to speak. */
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
}

/**
 * Reads Grafana's TLS settings: `tlsAuth`, `tlsAuthWithCACert`, `tlsSkipVerify` and `serverName`, with the secrets
 * `tlsCACert`, `tlsClientCert` and `tlsClientKey`. As in the Go SDK, either of the first two makes all three secrets count
 * that there are; unlike there, a switch whose own secret is missing is an error.
 */
export function readTlsSettings(jsonData: JsonDataReader, secrets: Secrets): TlsSettings {
  const clientAuth = jsonData.flag("tlsAuth");
  const ownAuthority = jsonData.flag("tlsAuthWithCACert");
  const secret = (name: string, needed: boolean, setting: string): string | undefined => {
    const value = clientAuth || ownAuthority ? secrets[name] || undefined : undefined;
    if (value === undefined && needed) {
      throw secretError(name, `is missing: ${setting} is switched on and needs it`);
    }
    return value;
  };
  const ca = secret("tlsCACert", ownAuthority, "With CA Cert (tlsAuthWithCACert)");
  const cert = secret("tlsClientCert", clientAuth, "TLS Client Auth (tlsAuth)");
  const key = secret("tlsClientKey", clientAuth, "TLS Client Auth (tlsAuth)");
  return {
    ca,
    client: cert === undefined || key === undefined ? undefined : { cert, key },
    serverName: clientAuth || ownAuthority ? jsonData.text("serverName") : undefined,
    skipVerify: jsonData.flag("tlsSkipVerify"),
    minVersion: "TLSv1.2",
  };
}
