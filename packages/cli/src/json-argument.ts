import { readFile } from "node:fs/promises";
import { messageOf, usageFailure } from "./failure.js";
import { isObject } from "./json-object.js";

/**
 * Reads an argument that is JSON or, written as `@file`, names a file with it.
 *
 * @param name the argument's name, for messages.
 * @param secret keeps what was read out of the message: the JSON parser quotes it.
 * @throws Failure (usage)
 */
export async function readJsonArgument(text: string, name: string, secret = false): Promise<unknown> {
  let json = text;
  if (text.startsWith("@")) {
    try {
      json = await readFile(text.slice(1), "utf8");
    } catch (error) {
      throw usageFailure(`the file of ${name} cannot be read: ${messageOf(error)}`);
    }
  }
  try {
    return JSON.parse(json);
  } catch (error) {
    throw usageFailure(`${name} is not JSON${secret ? "" : `: ${messageOf(error)}`}`);
  }
}

/**
 * The same for an argument that must be a JSON object.
 *
 * @throws Failure (usage)
 */
export async function readObjectArgument(text: string, name: string): Promise<Record<string, unknown>> {
  const json = await readJsonArgument(text, name);
  if (!isObject(json)) throw usageFailure(`${name} must be a JSON object`);
  return json;
}

/**
 * The same for secrets: an object of texts. No message holds any of it but a key.
 *
 * @throws Failure (usage)
 */
export async function readSecretArgument(text: string, name: string): Promise<Record<string, string>> {
  const json = await readJsonArgument(text, name, true);
  if (!isObject(json)) throw usageFailure(`${name} must be a JSON object`);
  const secrets: Record<string, string> = {};
  for (const [key, value] of Object.entries(json)) {
    if (typeof value !== "string") throw usageFailure(`${name}: ${JSON.stringify(key)} must be a text`);
    secrets[key] = value;
  }
  return secrets;
}
