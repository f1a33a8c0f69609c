import type { PluginContext } from "@framewright/protocol";
import { rememberSecrets } from "./known-secrets.js";

/** The secrets of the data source or app that a call is for, to be kept out of logs and errors. */
export function rememberSecretsOf(pluginContext: PluginContext | undefined): void {
  const source = pluginContext?.dataSourceInstanceSettings;
  if (source !== undefined && source.decryptedSecureJsonData.size > 0) {
    const { decryptedSecureJsonData: secrets, basicAuthUser, user } = source;
    rememberSecrets(secrets.values());
    // As they stand in an Authorization header.
    rememberSecrets([
      ...basicCredentials(basicAuthUser, secrets.get("basicAuthPassword")),
      ...basicCredentials(user, secrets.get("password")),
    ]);
  }
  const app = pluginContext?.appInstanceSettings;
  if (app !== undefined) {
    rememberSecrets(app.decryptedSecureJsonData.values());
  }
}

function basicCredentials(user: string, password: string | undefined): string[] {
  return password === undefined ? [] : [Buffer.from(`${user}:${password}`).toString("base64")];
}
