import { DownstreamError } from "../errors/sourced-error.js";

/**
 * A secret that the plugin cannot do without.
 *
 * @param secrets `config.secrets`
 * @param name the key under which the settings page saves it in `secureJsonData`
 * @throws DownstreamError with status 400 that names the secret, when it was never entered
 */
export function requireSecret(secrets: Readonly<Record<string, string>>, name: string): string {
  const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (secret === undefined || secret === "") {
    throw new DownstreamError(`secrets.${name}: is missing; enter it in the settings`, { status: 400 });
  }
  return secret;
}
