import { expect, it } from "vitest";
import { z } from "zod";
import { defineApp, requireSecret } from "../../src/index.js";
import { testApp } from "../../src/testing/index.js";

const app = defineApp({
  pluginId: "test-app",
  schema: { settings: z.object({ region: z.string() }) },
  open: ({ settings, secrets, orgId }) => ({ region: settings.region, key: requireSecret(secrets, "key"), orgId }),
  resources: (_request, { instance, user }) =>
    Response.json({ region: instance.region, orgId: instance.orgId, login: user?.login }),
});

it("calls an app, one instance an organisation", async () => {
  await using client = testApp(app, { settings: { region: "eu" }, secrets: { key: "k" } });
  expect(await (await client.resource("any")).json()).toEqual({ region: "eu", orgId: 1, login: "admin" });
  const other = client.with({ orgId: 2, settings: { region: "us" }, user: { login: "eve" } });
  expect(await (await other.resource("any")).json()).toEqual({ region: "us", orgId: 2, login: "eve" });
  expect(await client.checkHealth()).toEqual({ status: "ok", message: "The settings are valid." });
});

it("says what an app lacks", async () => {
  await using client = testApp(app, { settings: { region: "eu" } });
  expect((await client.checkHealth()).message).toBe("secrets.key: is missing; enter it in the settings");
  const response = await client.with({ settings: {} }).resource("any");
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ message: expect.stringMatching(/^settings\.region: /) });
});
