import { messageOf } from "../failure.js";
import { readJsonArgument } from "../json-argument.js";

/** What a line typed at the prompt asks for. */
export type PromptCommand =
  | { readonly kind: "query"; readonly json: unknown }
  | { readonly kind: "again" }
  | { readonly kind: "health" }
  | { readonly kind: "resource"; readonly method: string; readonly path: string; readonly body: string | undefined }
  | { readonly kind: "log"; readonly on: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "exit" }
  | { readonly kind: "unknown"; readonly problem: string };

/** What can be typed, for `help`. */
export const promptHelp = `  {"file":"a.csv"}    ask this query, or several as an array, or those in @file
  (an empty line)     ask the last one again
  health              what "Save & test" would say
  GET files           a resource call, with any method; a body may follow the path: PUT notes/a {"text":"x"}
  log on, log off     the plugin's log
  help, exit`;

/** Reads a line typed at the prompt. */
export async function readPromptCommand(line: string): Promise<PromptCommand> {
  const text = line.trim();
  const [word = "", rest = ""] = text.split(/\s+(.*)/s);
  if (text === "") {
    return { kind: "again" };
  }
  if (/^[[{@]/.test(text)) {
    try {
      return { kind: "query", json: await readJsonArgument(text, "the query") };
    } catch (error) {
      return { kind: "unknown", problem: messageOf(error) };
    }
  }
  switch (word) {
    case "health":
      return { kind: "health" };
    case "log":
      return rest === "on" || rest === "off"
        ? { kind: "log", on: rest === "on" }
        : { kind: "unknown", problem: 'it is "log on" or "log off"' };
    case "help":
      return { kind: "help" };
    case "exit":
    case "quit":
      return { kind: "exit" };
    default: {
      const [path = "", body] = rest.split(/\s+(.*)/s);
      return /^[A-Z]+$/.test(word) && path !== ""
        ? { kind: "resource", method: word, path, body: body || undefined }
        : { kind: "unknown", problem: `"${text}" is no query and no command; "help" lists them` };
    }
  }
}
