import { codeOf } from "../errors/code-of.js";
import { DownstreamError, PluginError } from "../errors.js";

/** What is known of a connection that could not be made, or broke. */
export interface FailedConnection {
  /** `host:port`, or the path of a socket. */
  readonly address: string;
  /** Whether a client certificate was shown. */
  readonly clientCertificate: boolean;
}

/**
 * Says in the user's words why a connection failed: status 504 where time ran out, else 502. Errors that say whose fault
 * they are stay as they are.
 *
 * @param error what the system, TLS or a driver threw; it becomes the `cause`
 */
export function connectionError(error: unknown, failed: FailedConnection): DownstreamError | PluginError {
  if (error instanceof DownstreamError || error instanceof PluginError) {
    return error;
  }
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const timedOut = code === "ETIMEDOUT" || (error instanceof Error && error.name === "TimeoutError");
  const text = timedOut
    ? `${failed.address} could not be connected to in time; check host and port, and whether a firewall is in between`
    : describe(code, message, failed);
  return new DownstreamError(text, { cause: error, status: timedOut ? 504 : 502 });
}

const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|CERT_UNTRUSTED|self.signed|unable to (?:verify|get)/i;

function describe(code: string, message: string, { address, clientCertificate }: FailedConnection): string {
  const reason = `${code} ${message}`;
  switch (code) {
    case "ENOTFOUND":
    case "EAI_NODATA":
    case "EAI_NONAME":
      return `the host of ${address} is not known to the name server (${code}); check the host in the settings`;
    case "EAI_AGAIN":
      return `the name server did not answer for the host of ${address} (${code}); try again, or check Grafana's network`;
    case "ECONNREFUSED":
      return `${address} refuses connections (${code}); check that the server runs, and the port in the settings`;
    case "ENOENT":
      return `there is no socket ${address} (${code}); check its path in the settings, and that the server runs`;
    case "EACCES":
      return `Grafana's user may not use the socket ${address} (${code})`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `${address} cannot be reached from where Grafana runs (${code}); check the host and the network`;
    case "CERT_HAS_EXPIRED":
      return `the certificate of ${address} has expired; it has to be renewed on the server`;
    case "CERT_NOT_YET_VALID":
      return `the certificate of ${address} is not valid yet; check the clock of the machine that Grafana runs on`;
  }
  // Drivers may have put a code of their own in the place of TLS's.
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || message.includes("does not match certificate's altnames")) {
    return `the certificate of ${address} is for another name: ${message}; correct the host, or choose the TLS mode verify-ca`;
  }
  if (UNTRUSTED.test(reason)) {
    return `the certificate of ${address} is not signed by an authority that is trusted here (${code || message}); give that authority's certificate in the TLS settings`;
  }
  if (/certificate.required|unknown.ca|bad.certificate|handshake.failure|ERR_SSL|EPROTO/i.test(reason)) {
    const hint = clientCertificate
      ? "check the client certificate in the TLS settings"
      : "if it asks for a client certificate, give one in the TLS settings";
    return `${address} refused the TLS connection (${code || message}); ${hint}`;
  }
  return `the connection to ${address} broke: ${message}${code === "" || message.includes(code) ? "" : ` (${code})`}`;
}
