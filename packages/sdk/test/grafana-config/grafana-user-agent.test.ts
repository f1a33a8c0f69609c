import { expect, it } from "vitest";
import { parseGrafanaUserAgent } from "../../src/grafana-config/index.js";

it.each([
  ["Grafana/12.1.0 (linux; amd64)", { version: "12.1.0", os: "linux", arch: "amd64" }],
  ["Grafana/7.0.0-beta1 (darwin; arm64)", { version: "7.0.0-beta1", os: "darwin", arch: "arm64" }],
  ["Grafana/12.1 (linux; amd64)", undefined],
  ["Grafana/12.1.0", undefined],
  ["curl/8 (linux; amd64)", undefined],
  ["", undefined],
])("reads %j", (text, expected) => {
  expect(parseGrafanaUserAgent(text)).toEqual(expected);
});
