/**
 * The host's half of AutoMTLS, for who connects to plugins by other means than `startPlugin`.
 *
 * @module
 */
import { HandshakeEnv } from "@framewright/protocol";
import { createCertificate, decodeServerCert } from "@framewright/protocol/certificate";
import { type ChannelCredentials, credentials } from "@grpc/grpc-js";

/** The host's half of AutoMTLS: a certificate that is made for one plugin process. */
export interface HostIdentity {
  /** What the plugin's environment needs. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Credentials that show the plugin this certificate and take the plugin's for the only one to be trusted.
   *
   * @param serverCert the handshake's sixth field
   * @throws HandshakeError when the field holds no certificate
   */
  credentials(serverCert: string): ChannelCredentials;
}

/**
 * Makes a host's identity. A module of its own: a host that does not ask for AutoMTLS loads none of it.
 * Source: go-plugin's client.go, `Start` and `loadServerCert`.
 */
export async function createHostIdentity(): Promise<HostIdentity> {
  const { cert, key } = await createCertificate();
  return {
    env: { [HandshakeEnv.clientCert]: cert },
    credentials(serverCert) {
      const pinned = decodeServerCert(serverCert);
      const pinnedBytes = serverCert.replace(/=+$/, "");
      return credentials.createSsl(Buffer.from(pinned), Buffer.from(key), Buffer.from(cert), {
        checkServerIdentity: (_host, { raw }) =>
          raw.toString("base64").replace(/=+$/, "") === pinnedBytes
            ? undefined
            : new Error("the plugin showed another certificate than the one of its handshake"),
      });
    },
  };
}
