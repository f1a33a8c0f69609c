import { afterEach, beforeEach, expect, test } from "vitest";
import { Dev } from "../src/run-dev.js";

let dev: Dev;

beforeEach(async () => {
  dev = new Dev();
  await dev.copy();
  dev.run();
  await dev.shows(/started in \d/);
});

afterEach(async () => dev[Symbol.asyncDispose]());

test("answers what is typed, and after a change asks the last query of the new sources", async () => {
  dev.type('{"file":"stocks.csv"}');
  await dev.shows(/stocks\.csv \(A\)[\s\S]*560 rows[\s\S]*answered in/);
  dev.type("health");
  await dev.shows(/ok: The folder can be read/);
  dev.type("GET files");
  await dev.shows(/200 application\/json[\s\S]*airports\.csv/);

  await dev.edit("The folder can be read.", "The folder has been changed.");
  await dev.shows(/started anew in \d[\s\S]*560 rows[\s\S]*answered in/);
  dev.type("health");
  await dev.shows(/ok: The folder has been changed/);

  dev.type("exit");
  expect(await dev.end()).toBe(0);
});

test("answers what is piped to it, and ends with it", async () => {
  dev.type("GET files");
  dev.endInput();
  await dev.shows(/200 application\/json[\s\S]*airports\.csv/);
  expect(await dev.end()).toBe(0);
});

test("a change that does not compile leaves the plugin running as it was", async () => {
  await dev.edit("export const dataSource", "export const const dataSource");
  await dev.shows(/data-source\.ts[\s\S]*the plugin as it was before still runs/);
  dev.type("health");
  await dev.shows(/ok: The folder can be read/);

  await dev.edit("export const const dataSource", "export const dataSource");
  await dev.shows(/started anew in \d/);
});
