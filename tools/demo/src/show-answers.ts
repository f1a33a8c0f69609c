import { renderFrame } from "@framewright/cli/render";
import type { Frame } from "@framewright/data";
import type { Plugin, PluginContextInput, QueryInput } from "@framewright/host";

/** What is asked of a plugin, and how the answer is judged. */
export interface Question {
  /** Printed above the answer. */
  readonly title: string;
  readonly context: PluginContextInput;
  readonly query: QueryInput;
  /** Whether times and numbers are drawn below the answer. */
  readonly chart: boolean;
  /** What the answer is held against, such as "the file". */
  readonly source: string;
  /** Says what is wrong with the answer, in words; nothing where nothing is. */
  readonly check: (frame: Frame) => Promise<readonly string[]>;
}

/** Asks a question, prints the answer and says whether it is right. */
async function showAnswer(plugin: Plugin, question: Question): Promise<boolean> {
  const { title, context, query, chart, source, check } = question;
  console.log(`── ${title}`);
  const asked = performance.now();
  const answers = await plugin.queryData({ context, queries: [query] });
  const answerMs = performance.now() - asked;
  const answer = answers.get(query.refId);
  const [frame, ...others] = answer?.frames ?? [];
  if (answer?.error !== undefined || frame === undefined || others.length > 0) {
    console.error(`✗ the plugin answered: ${answer?.error ?? `${answer?.frames.length ?? 0} frames, not one`}\n`);
    return false;
  }
  console.log(`\n${renderFrame(frame, { stream: process.stdout, maxRows: 6, chart })}`);
  const problems = await check(frame);
  const cells = `${frame.length.toLocaleString("en")} rows of ${frame.fields.length} fields in ${answerMs.toFixed(1)} ms`;
  console.log(problems.length === 0 ? `\n✓ ${cells}, equal to ${source}\n` : `\n✗ ${cells}`);
  if (problems.length > 0) {
    console.error(
      problems
        .slice(0, 10)
        .map((problem) => `  ${problem}\n`)
        .join(""),
    );
  }
  return problems.length === 0;
}

/** Asks all of them, one after the other. @returns how many answers are wrong */
export async function showAnswers(plugin: Plugin, questions: readonly Question[]): Promise<number> {
  let wrong = 0;
  for (const question of questions) {
    wrong += (await showAnswer(plugin, question)) ? 0 : 1;
  }
  return wrong;
}
