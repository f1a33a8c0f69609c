import type { PluginContextInput } from "@framewright/host";
import { checkRows } from "./check-rows.js";
import { demoDataSource, startDemoDatabase } from "./demo-database.js";
import { type Question, showAnswers } from "./show-answers.js";
import { type SqlQuestion, sqlQuestions } from "./sql-questions.js";
import { startDemoPlugin } from "./start-demo-plugin.js";

/** Shows what the SQL plugin answers of an embedded PostgreSQL with real data. @returns whether all of it is right */
export async function sqlDemo(): Promise<boolean> {
  await using started = await startDemoPlugin("framewright-sql-datasource");
  await using database = await startDemoDatabase();
  const { plugin, pluginId } = started;
  const context: PluginContextInput = { pluginId, dataSource: demoDataSource(database) };
  const { status, message } = await plugin.checkHealth(context);
  console.log(`Save & test: ${message}\n`);
  const wrong = await showAnswers(
    plugin,
    sqlQuestions.map((question) => questionOf(question, context)),
  );
  if (wrong > 0 || status !== "ok") {
    console.error(`${wrong} of ${sqlQuestions.length} answers of the SQL plugin are wrong; its health is ${status}.\n`);
    return false;
  }
  console.log(`All ${sqlQuestions.length} answers equal what JavaScript works out of the files, cell by cell.\n`);
  return true;
}

function questionOf(question: SqlQuestion, context: PluginContextInput): Question {
  const { about, rawSql, format, timeRange, intervalMs } = question;
  return {
    title: `${about}\n\n${rawSql}`,
    context,
    query: { refId: "A", timeRange, ...(intervalMs !== undefined && { intervalMs }), json: { rawSql, format } },
    chart: format === "time_series",
    source: "what the file says",
    check: async (frame) => checkRows(frame, await question.expected()),
  };
}
