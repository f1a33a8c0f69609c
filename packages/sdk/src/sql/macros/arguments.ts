import { formatInterval, readInterval } from "../interval/interval.js";
import { sqlTokens } from "../syntax/sql-tokens.js";
import type { MacroContext } from "./macro.js";
import { MacroError } from "./macro-error.js";

/**
 * Nanoseconds of an argument that is an interval: `5m`, `'5m'` or `"5m"`. In quotes, `$__interval` is the suggested interval of
 * the query, although quoted text is left alone elsewhere: nothing else can be meant.
 *
 * @throws {MacroError} if it is no interval
 */
export function intervalArgument(arg: string, context: MacroContext): bigint {
  const text = unquoted(withoutComments(arg, context));
  const interval = readInterval(text === "$__interval" ? formatInterval(context.intervalMs) : text, context.now);
  if (typeof interval === "string") {
    throw new MacroError(interval);
  }
  return interval;
}

/**
 * Says how gaps are to be filled by an argument that is `NULL`, `previous` or a number, and an interval.
 * @param arg absent where gaps stay
 * @throws {MacroError} if it is none of these
 */
export function fillArgument(arg: string | undefined, interval: bigint, context: MacroContext): void {
  if (arg === undefined) {
    return;
  }
  const text = unquoted(withoutComments(arg, context));
  const mode = text.toLowerCase();
  if (mode === "null" || mode === "previous") {
    context.setFill({ fill: mode, interval });
  } else if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))) {
    context.setFill({ fill: { value: Number(text) }, interval });
  } else {
    throw new MacroError(`${JSON.stringify(text)} is nothing to fill gaps with; write NULL, previous or a number`);
  }
}

function withoutComments(arg: string, { syntax }: MacroContext): string {
  let text = "";
  for (const { kind, start, end } of sqlTokens(arg, syntax)) {
    if (kind !== "line-comment" && kind !== "block-comment") {
      text += arg.slice(start, end);
    }
  }
  return text.trim();
}

function unquoted(text: string): string {
  const [first] = text;
  return (first === "'" || first === '"') && text.length > 1 && text.endsWith(first) ? text.slice(1, -1).trim() : text;
}
