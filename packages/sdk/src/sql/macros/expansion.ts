import { DownstreamError } from "../../errors.js";
import type { FillSetting } from "../fill-setting.js";
import { formatInterval } from "../interval/interval.js";
import { positionText } from "../syntax/position.js";
import type { SqlToken } from "../syntax/sql-tokens.js";
import { callProblem } from "./call-problem.js";
import { ClauseTracker } from "./clause-tracker.js";
import type { ExpandedSql, ExpandOptions } from "./expand-macros.js";
import type { Macro, MacroContext, Macros } from "./macro.js";
import { MacroError } from "./macro-error.js";
import { unknownMacro } from "./unknown-macro.js";

/** So deep may parentheses be nested. PostgreSQL's own parser gives up there, too. */
export const MAX_DEPTH = 10_000;

/** So long may the SQL become, in UTF-16 units: macros that repeat their argument, nested, double it each time. */
const MAX_LENGTH = 16 * 1024 * 1024;

/** What is being put together: the whole text or, within it, an argument of a macro. */
interface Output {
  text: string;
  /** Whether it ends with a line comment, whose line break must then stay. */
  endsInLineComment: boolean;
}

/** A macro whose closing parenthesis has not come yet. */
interface Call extends Output {
  readonly name: string;
  /** Where its dollar sign is. */
  readonly start: number;
  readonly macro: Macro;
  /** How many parentheses are open within its arguments, outside of inner ones. */
  readonly depth: number;
  readonly args: string[];
}

/** The work of `expandMacros`, token by token. Calls within calls are kept in a list, so that no depth exhausts the stack. */
export class Expansion {
  readonly #sql: string;
  readonly #options: ExpandOptions;
  readonly #macros: Macros;
  readonly #clauses = new ClauseTracker();
  readonly #whole: Output = { text: "", endsInLineComment: false };
  readonly #calls: Call[] = [];
  /** What takes the place of a quoted text. */
  readonly #quoted = new Map<string, string>();
  /** Up to here the SQL has been copied, or replaced. */
  #copied = 0;
  #fill: FillSetting | undefined;
  #timeInSeconds = false;

  constructor(sql: string, options: ExpandOptions) {
    this.#sql = sql;
    this.#options = options;
    this.#macros = { ...options.dialect.macros, ...options.macros };
    if (options.quotedInterval === true) {
      this.#quoted.set("'$__interval'", `'${formatInterval(options.intervalMs)}'`);
      this.#quoted.set("'$__interval_ms'", `'${Math.floor(options.intervalMs)}'`);
    }
  }

  /** Takes the next token of the SQL. */
  read(token: SqlToken): void {
    const { kind, start, end } = token;
    switch (kind) {
      case "space":
        return;
      case "macro":
        this.#beginMacro(token);
        return;
      case "close":
        this.#clauses.close(this.#sql.charAt(start));
        if (this.#call !== undefined && this.#clauses.depth < this.#call.depth) {
          this.#endCall(this.#call, start);
          return;
        }
        break;
      case "comma":
        if (this.#call !== undefined && this.#clauses.depth === this.#call.depth) {
          this.#endArgument(this.#call, start);
          return;
        }
        break;
      case "open":
        this.#open(start);
        break;
      case "word":
        if (this.#sql[start - 1] !== ".") {
          this.#clauses.word(this.#sql, start, end);
        }
        break;
      case "quoted":
        this.#quotedText(start, end);
        break;
    }
    this.#output.endsInLineComment = kind === "line-comment";
  }

  /** What has become of the SQL. */
  finish(): ExpandedSql {
    if (this.#call !== undefined) {
      const { name, start, macro } = this.#call;
      throw this.#problem(name, start, `its closing parenthesis is missing. Usage: ${macro.usage}`);
    }
    this.#copyTo(this.#sql.length);
    return { sql: this.#whole.text, fill: this.#fill, timeInSeconds: this.#timeInSeconds };
  }

  get #call(): Call | undefined {
    return this.#calls.at(-1);
  }

  get #output(): Output {
    return this.#call ?? this.#whole;
  }

  #copyTo(end: number): void {
    this.#output.text += this.#sql.slice(this.#copied, end);
    this.#copied = end;
  }

  #open(start: number): void {
    this.#clauses.open(this.#sql.charAt(start));
    if (this.#clauses.depth > MAX_DEPTH) {
      const where = positionText(this.#sql, start);
      throw new DownstreamError(`query at ${where}: parentheses are nested more than ${MAX_DEPTH} deep`, {
        status: 400,
      });
    }
  }

  #quotedText(start: number, end: number): void {
    const replacement = end - start > 20 ? undefined : this.#quoted.get(this.#sql.slice(start, end));
    if (replacement !== undefined) {
      this.#copyTo(start);
      this.#output.text += replacement;
      this.#copied = end;
    }
  }

  #beginMacro({ start, end }: SqlToken): void {
    const name = this.#sql.slice(start + "$__".length, end);
    const macro = Object.hasOwn(this.#macros, name) ? this.#macros[name] : undefined;
    if (macro === undefined) {
      throw this.#problem(name, start, unknownMacro(name, this.#macros));
    }
    this.#copyTo(start);
    this.#copied = end;
    const call: Call = {
      name,
      start,
      macro,
      depth: this.#clauses.depth + 1,
      args: [],
      text: "",
      endsInLineComment: false,
    };
    if (this.#sql[end] === "(") {
      // The next token is the parenthesis, which goes with the macro.
      this.#copied++;
      this.#calls.push(call);
    } else {
      this.#replace(call, end);
    }
  }

  #endArgument(call: Call, at: number): void {
    this.#copyTo(at);
    call.args.push(call.text.trim() + (call.endsInLineComment ? "\n" : ""));
    call.text = "";
    call.endsInLineComment = false;
    this.#copied = at + 1;
  }

  #endCall(call: Call, at: number): void {
    this.#endArgument(call, at);
    this.#calls.pop();
    this.#replace(call.args.length === 1 && call.args[0] === "" ? { ...call, args: [] } : call, at + 1);
  }

  /** Puts what a macro becomes in the place that ends at `end`. */
  #replace({ name, start, macro, args }: Call, end: number): void {
    const problem = callProblem(macro, args, this.#sql.slice(end, end + 100));
    if (problem !== undefined) {
      throw this.#problem(name, start, `${problem}. Usage: ${macro.usage}`);
    }
    let text: string;
    try {
      text = macro.expand(args, this.#context(this.#clauses.isInSelectList && this.#sql[end] === ","));
    } catch (error) {
      throw error instanceof MacroError
        ? this.#problem(name, start, `${error.message}. Usage: ${macro.usage}`, error)
        : error;
    }
    const output = this.#output;
    output.text += text;
    output.endsInLineComment = text.endsWith("\n");
    if (output.text.length > MAX_LENGTH) {
      throw this.#problem(name, start, `the query becomes longer than ${MAX_LENGTH} characters`);
    }
  }

  #context(isListItem: boolean): MacroContext {
    const { timeRange, intervalMs, now = new Date(), table, column, dialect } = this.#options;
    return {
      timeRange,
      intervalMs,
      now,
      table,
      column,
      syntax: dialect.syntax,
      isListItem,
      setFill: (fill) => {
        this.#fill = fill;
      },
      setTimeInSeconds: () => {
        this.#timeInSeconds = true;
      },
    };
  }

  #problem(name: string, start: number, problem: string, cause?: Error): DownstreamError {
    const where = positionText(this.#sql, start);
    return new DownstreamError(`$__${name} at ${where}: ${problem}`, { status: 400, ...(cause && { cause }) });
  }
}
