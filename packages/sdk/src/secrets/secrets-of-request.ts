import type { PluginContext } from "@framewright/protocol";
import { basicCredentials } from "./forms-of-secret.js";
import { rememberSecrets } from "./known-secrets.js";

/** The secrets of the data source or app that a call is for, to be kept out of logs and errors. */
export function rememberSecretsOf(pluginContext: PluginContext | undefined): void {
  const source = pluginContext?.dataSourceInstanceSettings;
  if (source !== undefined && source.decryptedSecureJsonData.size > 0) {
    const { decryptedSecureJsonData: secrets, basicAuthUser, user } = source;
    rememberSecrets(secrets.values());
    // As they stand in an Authorization header.
    rememberSecrets([
      ...credentials(basicAuthUser, secrets.get("basicAuthPassword")),
      ...credentials(user, secrets.get("password")),
    ]);
  }
  const app = pluginContext?.appInstanceSettings;
  if (app !== undefined) {
    rememberSecrets(app.decryptedSecureJsonData.values());
  }
}

/** The credentials made last: calls in a row are for the same few data sources. */
let last = { user: "", password: "", made: basicCredentials("", "") };

function credentials(user: string, password: string | undefined): string[] {
  if (password === undefined) {
    return [];
  }
  if (last.user !== user || last.password !== password) {
    last = { user, password, made: basicCredentials(user, password) };
  }
  return [last.made];
}
