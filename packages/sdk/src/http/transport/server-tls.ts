import { createSecureContext } from "node:tls";
import { checkTlsMaterial } from "../../network/tls-material.js";
import { trustedAuthorities } from "../../network/trusted-authorities.js";
import type { HttpSettings } from "../settings/http-settings.js";
import type { ServerTls } from "./connectors.js";

/**
 * Checks a data source's TLS settings at once, and gives what makes the options of them when they are first needed, once.
 *
 * @throws DownstreamError (400) that names the secret which cannot be used
 */
export function serverTls({ tls }: Pick<HttpSettings, "tls">): () => ServerTls {
  const material = checkTlsMaterial(tls);
  let options: ServerTls | undefined;
  return () => {
    if (options === undefined) {
      const ca = material.ca ?? (tls.skipVerify ? undefined : trustedAuthorities());
      options = {
        // One context for all connections: making it parses each authority.
        secureContext: createSecureContext({
          ...(ca === undefined ? {} : { ca: [...ca] }),
          ...(material.cert === undefined ? {} : { cert: material.cert }),
          ...(material.key === undefined ? {} : { key: material.key }),
          minVersion: tls.minVersion,
        }),
        rejectUnauthorized: !tls.skipVerify,
        ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      };
    }
    return options;
  };
}
