import { describe, expect, it } from "vitest";
import { parsePluginManifest, readPluginManifest } from "../src/plugin-folder/plugin-manifest.js";

const good = { id: "acme-weather-datasource", backend: true, executable: "gpx_weather", info: { version: "1.2.3" } };

describe("plugin.json", () => {
  it("gives id, executable and version", () => {
    expect(parsePluginManifest(JSON.stringify(good), "p")).toEqual({
      id: "acme-weather-datasource",
      executable: "gpx_weather",
      version: "1.2.3",
    });
  });

  it("has no version while that is a placeholder", () => {
    const text = JSON.stringify({ ...good, info: { version: "%VERSION%" } });
    expect(parsePluginManifest(text, "p").version).toBeUndefined();
  });

  it.each([
    ["{", /^src\/plugin\.json is not JSON: /],
    ["[]", /^src\/plugin\.json holds no JSON object$/],
    [JSON.stringify({ ...good, id: undefined }), /"id" must be/],
    [JSON.stringify({ ...good, backend: undefined }), /"backend" must be true/],
    [JSON.stringify({ ...good, executable: undefined }), /"executable" is missing/],
    [JSON.stringify({ ...good, executable: 7 }), /"executable" must be a text/],
    [JSON.stringify({ ...good, executable: "bin/gpx_weather" }), /"bin\/gpx_weather", which contains a path separator/],
    [JSON.stringify({ ...good, executable: "..\\gpx" }), /path separator/],
    [JSON.stringify({ ...good, executable: ".." }), /use letters, digits/],
    [JSON.stringify({ ...good, executable: "gpx weather" }), /use letters, digits/],
    [JSON.stringify({ ...good, executable: "gpx_weather_linux_amd64" }), /leave out the platform/],
    [JSON.stringify({ ...good, executable: "gpx_weather.exe" }), /leave out the platform/],
  ])("refuses %s", (text, message) => {
    expect(() => parsePluginManifest(text, "src/plugin.json")).toThrow(message);
  });

  it("must exist", async () => {
    await expect(readPluginManifest("/nowhere/plugin.json")).rejects.toThrow("/nowhere/plugin.json does not exist");
  });
});
