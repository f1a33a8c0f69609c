import { fillArgument, intervalArgument } from "./arguments.js";
import type { Macro, MacroContext } from "./macro.js";

/** What rounds a column down to a multiple of `interval` nanoseconds. */
export type GroupExpression = (column: string, interval: bigint) => string;

/** How a {@link groupMacro} names its column. */
export interface GroupMacroOptions {
  /** Whether it calls its column `time`: always, or only where it is an item of a list behind `SELECT`. */
  readonly alias: "always" | "list-item" | "never";
  /** Whether what it gives are seconds since 1970. */
  readonly seconds: boolean;
}

/** A macro of a column, an interval and, where gaps are to be filled, what with. */
export function groupMacro(name: string, expression: GroupExpression, options: GroupMacroOptions): Macro {
  return {
    usage: `$__${name}(column, interval[, NULL | previous | number])`,
    arguments: [2, 3],
    expand([column = "", intervalText = "", fill], context) {
      const interval = intervalArgument(intervalText, context);
      fillArgument(fill, interval, context);
      const group = expression(column, interval);
      if (!isNamed(options, context)) {
        return group;
      }
      if (options.seconds) {
        context.setTimeInSeconds();
      }
      return `${group} AS "time"`;
    },
  };
}

function isNamed({ alias }: GroupMacroOptions, { isListItem }: MacroContext): boolean {
  return alias === "always" || (alias === "list-item" && isListItem);
}
