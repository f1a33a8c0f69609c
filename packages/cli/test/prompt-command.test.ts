import { expect, test } from "vitest";
import { type PromptCommand, readPromptCommand } from "../src/dev/prompt-command.js";

test.each<[string, PromptCommand]>([
  ['{"file":"a.csv"}', { kind: "query", json: { file: "a.csv" } }],
  ['  [{"file":"a.csv"}] ', { kind: "query", json: [{ file: "a.csv" }] }],
  ["", { kind: "again" }],
  ["health", { kind: "health" }],
  ["GET files?limit=2", { kind: "resource", method: "GET", path: "files?limit=2", body: undefined }],
  ['PUT notes/a {"text": "x y"}', { kind: "resource", method: "PUT", path: "notes/a", body: '{"text": "x y"}' }],
  ["log on", { kind: "log", on: true }],
  ["log off", { kind: "log", on: false }],
  ["help", { kind: "help" }],
  ["exit", { kind: "exit" }],
])("%j is a command", async (line, command) => {
  expect(await readPromptCommand(line)).toEqual(command);
});

test.each([
  ["{", /the query is not JSON/],
  ["@missing.json", /missing\.json|cannot be read/],
  ["log", /"log on" or "log off"/],
  ["GET", /"GET" is no query and no command/],
  ["hello there", /"help" lists them/],
])("%j is told what is wrong with it", async (line, problem) => {
  expect(await readPromptCommand(line)).toMatchObject({ kind: "unknown", problem: expect.stringMatching(problem) });
});
