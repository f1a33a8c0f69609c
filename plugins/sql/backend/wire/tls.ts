import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { DownstreamError } from "@framewright/sdk";
import { checkTlsMaterial, type TlsPems, trustedAuthorities } from "@framewright/sdk/network";
import type { Settings } from "../settings.js";

/** How TLS is spoken with the server; `undefined` where it is not. */
export type ServerTls = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "rejectUnauthorized" | "checkServerIdentity" | "servername"
>;

/**
 * The options for a TLS mode, as libpq means it: `require` takes any certificate, `verify-ca` those of the authority, `verify-full`
 * those that are also for the host.
 *
 * @throws DownstreamError (400) that names the certificate or the file which cannot be used
 */
export async function readTls(
  settings: Settings,
  secrets: Readonly<Record<string, string>>,
  host: string | undefined,
): Promise<ServerTls | undefined> {
  const sslmode = modeOf(settings);
  if (sslmode === "disable" || host === undefined) {
    return undefined;
  }
  const { engine, tlsConfigurationMethod = engine === "mysql" ? "file-content" : "file-path" } = settings;
  const pems = tlsConfigurationMethod === "file-content" ? pemsOfSecrets(secrets) : await pemsOfFiles(settings);
  const { ca, cert, key } = checkTlsMaterial(pems);
  const verifies = sslmode !== "require";
  const authorities = ca ?? (verifies ? trustedAuthorities() : undefined);
  return {
    ...(authorities && { ca: [...authorities] }),
    ...(cert && { cert }),
    ...(key && { key }),
    rejectUnauthorized: verifies,
    ...(sslmode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    // An address is no server name.
    ...(isIP(host) === 0 && { servername: host }),
  };
}

function modeOf({
  engine,
  sslmode,
  tlsAuth,
  tlsAuthWithCACert,
  tlsSkipVerify,
}: Settings): NonNullable<Settings["sslmode"]> {
  if (sslmode !== undefined || engine === "postgres") {
    return sslmode ?? "verify-full";
  }
  if (tlsSkipVerify) {
    return "require";
  }
  return tlsAuth || tlsAuthWithCACert ? "verify-full" : "disable";
}

function pemsOfSecrets({ tlsCACert, tlsClientCert, tlsClientKey }: Readonly<Record<string, string>>): TlsPems {
  return { ca: tlsCACert || undefined, client: clientOf(tlsClientCert, tlsClientKey) };
}

async function pemsOfFiles({ sslRootCertFile, sslCertFile, sslKeyFile }: Settings): Promise<TlsPems> {
  const [ca, cert, key] = await Promise.all([
    readPem("sslRootCertFile", sslRootCertFile),
    readPem("sslCertFile", sslCertFile),
    readPem("sslKeyFile", sslKeyFile),
  ]);
  return { ca, client: clientOf(cert, key) };
}

function clientOf(cert: string | undefined, key: string | undefined): TlsPems["client"] {
  if (!cert && !key) {
    return undefined;
  }
  if (!cert || !key) {
    throw new DownstreamError(`TLS: a client certificate needs ${cert ? "its key" : "the certificate"}, too`, {
      status: 400,
    });
  }
  return { cert, key };
}

async function readPem(name: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) {
    return undefined;
  }
  return readFile(path, "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new DownstreamError(`settings.${name}: ${path} cannot be read by Grafana's user (${code})`, { status: 400 });
  });
}
