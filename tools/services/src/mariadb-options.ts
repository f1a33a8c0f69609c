/** How a MariaDB server of a test is to be. */
export interface MariadbOptions {
  /** Its certificate, and the authority that its clients' certificates are of; with it the server takes TLS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa: string };
  /** Statements that it begins with. */
  readonly statements?: readonly string[];
}
