import { X509Certificate } from "node:crypto";
import { HandshakeEnv } from "@framewright/protocol";
import { createCertificate, encodeServerCert } from "@framewright/protocol/certificate";
import type { ServerTls } from "./grpc/grpc-server.js";

/** What AutoMTLS gives a server and its handshake. */
export interface AutoMtls {
  readonly tls: ServerTls;
  /** The handshake's sixth field. */
  readonly serverCert: string;
}

/**
 * Makes the plugin's side of go-plugin's AutoMTLS: a fresh certificate for the handshake, and the TLS by which a server
 * shows that certificate and refuses every client but the one that holds the host's. The host's certificate is its own
 * authority, so that trusting nothing else is enough.
 *
 * @param clientCert the host's certificate as PEM
 * @throws Error when that is no certificate
 */
export async function autoMtls(clientCert: string): Promise<AutoMtls> {
  try {
    new X509Certificate(clientCert);
  } catch (cause) {
    throw new Error(
      `the host asks for AutoMTLS, but ${HandshakeEnv.clientCert} holds no certificate (PEM) that can be read`,
      { cause },
    );
  }
  const { cert, key } = await createCertificate();
  return { tls: { ca: clientCert, cert, key, requestCert: true }, serverCert: encodeServerCert(cert) };
}
