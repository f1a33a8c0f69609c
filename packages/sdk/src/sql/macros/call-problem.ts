import type { Macro } from "./macro.js";

/**
 * What is wrong with the number of arguments that a macro is given, or with one that it must have.
 * @param behind what stands behind the macro
 */
export function callProblem(macro: Macro, args: readonly string[], behind: string): string | undefined {
  const [least, most] = typeof macro.arguments === "number" ? [macro.arguments, macro.arguments] : macro.arguments;
  if (args.length < least || args.length > most) {
    const problem = `takes ${countText(least, most)}, not ${args.length}`;
    return args.length === 0 && /^\s+\(/.test(behind)
      ? `${problem}; its parenthesis must follow without a space`
      : problem;
  }
  const empty = args.findIndex((arg, index) => arg === "" && index < least);
  return empty < 0 ? undefined : `argument ${empty + 1} is empty`;
}

function countText(least: number, most: number): string {
  if (least === most) {
    return least === 1 ? "1 argument" : `${least === 0 ? "no" : least} arguments`;
  }
  return `${least} ${most === least + 1 ? "or" : "to"} ${most} arguments`;
}
