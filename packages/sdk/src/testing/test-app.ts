import { freshPlugin } from "../fresh-plugin.js";
import type { Plugin } from "../handlers.js";
import { createTestClient } from "./create-test-client.js";
import type { TestClient } from "./test-client.js";
import type { AppSetup } from "./test-setup.js";

/**
 * Calls an app in this process, as Grafana does a plugin; otherwise like `testDataSource`.
 *
 * @param plugin what `defineApp` made, or `definePlugin`, whose handlers stay those that it was given
 * @param setup the saved app, and who calls
 */
export function testApp(plugin: Plugin, setup: AppSetup = {}): TestClient<AppSetup> {
  return createTestClient(freshPlugin(plugin) ?? plugin, { kind: "app", saved: setup });
}
