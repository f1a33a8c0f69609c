import { decodeArrow, type Frame } from "@framewright/data";
import { type DataResponse, DataService, type QueryChunkedDataResponse } from "@framewright/host/wire";
import type { CheckContext } from "../check-context.js";
import { quote } from "../launched-plugin.js";
import { isAnswered, outcome } from "../outcome.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, NotApplicable, notApplicable, passed, type Verdict } from "../verdict.js";
import { answersTo, targetQuery, type WireQueries, wireRequest } from "../wire-queries.js";

/** refIds that a plugin must carry as they are; Grafana's users name their queries as they like. */
const UNUSUAL_REF_IDS = ["__proto__", "constructor", " A", "Température (°C)", "a.b/c", "0"];

/** How long chunks may take, in ms. */
const CHUNKS_MS = 8_000;

/** Queries and their answers. */
export const queries: RequirementGroup = {
  name: "Queries",
  requirements: [
    {
      id: "Q1",
      title: "Each query is answered under its own refId, and nothing else is answered",
      source: sources.pluginv2,
      async run(context) {
        for (const refIds of [["A"], ["B"], ["A", "B", "C"]]) {
          const answers = await askUnder(context, refIds);
          const verdict = compareRefIds(refIds, [...answers.keys()]) ?? compareFrames(answers);
          if (verdict !== undefined) return verdict;
        }
        return passed();
      },
    },
    {
      id: "Q2",
      title: "A refId may be any text",
      source: sources.pluginv2,
      needs: ["Q1"],
      async run(context) {
        const answers = await askUnder(context, UNUSUAL_REF_IDS);
        return compareRefIds(UNUSUAL_REF_IDS, [...answers.keys()]) ?? passed();
      },
    },
    {
      id: "Q3",
      title: "Each frame is an Arrow file of one frame that Grafana can read",
      source: sources.arrowFile,
      async run(context) {
        const answers = await askUnder(context, ["A"]);
        const bytes = [...answers.values()].flatMap(({ frames }) => frames);
        if (bytes.length === 0) return notApplicable("the answers hold no frame; name a query that has some");
        const frames = bytes.map((frame) => decodeArrow(frame));
        return passed(frames.map((frame) => `${frame.fields.length} fields of ${frame.length} rows`).join(", "));
      },
    },
    {
      id: "Q4",
      title: "An error has a text, a status from 400 on, and plugin or downstream as its source",
      source: sources.pluginv2,
      async run(context) {
        const answers = await answersTo(context, [["A", "{"]]);
        const errors = [...answers.values()].filter(isError);
        if (errors.length === 0) return notApplicable("a query that is no JSON is answered without an error");
        return errors.map(checkError).find((verdict) => verdict !== undefined) ?? passed(quote(errors[0]?.error ?? ""));
      },
    },
    {
      id: "Q5",
      title: "A query that fails leaves the others of its request as they are",
      source: sources.pluginv2,
      level: "recommended",
      needs: ["Q1"],
      async run(context) {
        const good = targetQuery(context, 0);
        const alone = (await answersTo(context, [["A", good]])).get("A");
        const mixed: WireQueries = [
          ["A", good],
          ["B", "{"],
        ];
        const beside = await answersTo(context, mixed);
        if (alone === undefined || isError(alone)) {
          return notApplicable("the query fails by itself; name one that the plugin can answer");
        }
        const answer = beside.get("A");
        return answer !== undefined && !isError(answer)
          ? passed()
          : failed("query A to be answered as it is alone", answer === undefined ? "no answer" : quote(answer.error));
      },
    },
    {
      id: "Q6",
      title: "Chunks name the query they answer, and their frames can be read",
      source: sources.pluginv2,
      async run(context) {
        const chunks = await askChunked(context, ["A", "B"]);
        const asked = new Set(["A", "B"]);
        const stray = chunks.find(({ refId }) => !asked.has(refId));
        if (stray !== undefined) return failed("refId A or B", quote(stray.refId));
        for (const { frame } of chunks) {
          if (frame.length > 0) decodeArrow(frame);
        }
        return passed(`${chunks.length} chunks`);
      },
    },
  ],
};

type Answers = ReadonlyMap<string, DataResponse>;

function askUnder(context: CheckContext, refIds: readonly string[]): Promise<Answers> {
  return answersTo(
    context,
    refIds.map((refId, index) => [refId, targetQuery(context, index)] as const),
  );
}

function compareRefIds(asked: readonly string[], answered: readonly string[]): Verdict | undefined {
  const list = (refIds: readonly string[]): string => [...refIds].sort().map(quote).join(", ") || "none";
  return list(asked) === list(answered) ? undefined : failed(`answers for ${list(asked)}`, list(answered));
}

/** Where frames say which query they are for, it must be the one that they stand under. */
function compareFrames(answers: Answers): Verdict | undefined {
  for (const [refId, { frames }] of answers) {
    const other = frames.map(readable).find((frame) => frame?.refId !== undefined && frame.refId !== refId);
    if (other !== undefined) return failed(`frames of ${quote(refId)}`, `a frame of ${quote(other.refId ?? "")}`);
  }
  return undefined;
}

function readable(bytes: Uint8Array): Frame | undefined {
  try {
    return decodeArrow(bytes);
  } catch {
    return undefined;
  }
}

function isError({ error, status }: DataResponse): boolean {
  return error !== "" || status >= 400;
}

function checkError({ error, status, errorSource }: DataResponse): Verdict | undefined {
  if (error === "") return failed("a text with the error", `an empty one, status ${status}`);
  if (status !== 0 && (status < 400 || status > 599)) return failed("a status from 400 to 599", `${status}`);
  if (!["", "plugin", "downstream"].includes(errorSource)) return failed("plugin or downstream", quote(errorSource));
  return undefined;
}

async function askChunked(context: CheckContext, refIds: readonly string[]): Promise<QueryChunkedDataResponse[]> {
  const { rpc } = await context.session();
  const request = wireRequest(
    context,
    refIds.map((refId, index) => [refId, targetQuery(context, index)] as const),
  );
  async function readAll(): Promise<QueryChunkedDataResponse[]> {
    const chunks: QueryChunkedDataResponse[] = [];
    for await (const chunk of rpc.serverStream(DataService.queryChunkedData, request, { timeoutMs: CHUNKS_MS })) {
      chunks.push(chunk);
    }
    return chunks;
  }
  const answer = await outcome(readAll());
  if (!answer.ok) {
    if (!isAnswered(answer)) throw new Error(answer.details);
    if (answer.code === "UNIMPLEMENTED") throw new NotApplicable("it serves no chunks");
    throw new NotApplicable(`it refuses the request as a whole (${answer.details})`);
  }
  // The Go SDK says so with a status of its own, for no query.
  if (answer.value.some(({ refId, status }) => refId === "" && status === 501)) {
    throw new NotApplicable("it serves no chunks");
  }
  return answer.value;
}
