import { freshPlugin } from "../fresh-plugin.js";
import type { Plugin } from "../handlers.js";
import { createTestClient } from "./create-test-client.js";
import type { TestClient } from "./test-client.js";
import type { DataSourceSetup } from "./test-setup.js";

/**
 * Calls a data source in this process, as Grafana does a plugin. Each call of this function has instances of its own, so tests do not
 * meet in them, and what `defineDataSource` made may be tested as often as wanted.
 *
 * ```ts
 * await using weather = testDataSource(dataSource, { settings: { unit: "celsius" }, secrets: { token: "secret" } });
 * const { frame } = await weather.query({ city: "Bern" });
 * ```
 *
 * @param plugin what `defineDataSource` made, or `definePlugin`, whose handlers stay those that it was given
 * @param setup the saved data source, and who calls
 */
export function testDataSource(plugin: Plugin, setup: DataSourceSetup = {}): TestClient<DataSourceSetup> {
  return createTestClient(freshPlugin(plugin) ?? plugin, { kind: "dataSource", saved: setup });
}
