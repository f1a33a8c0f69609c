import { valueAt } from "@framewright/data";
import { type Plugin, type PluginContextInput, startPlugin } from "@framewright/host";
import { DownstreamError, PluginError } from "@framewright/sdk";
import { createHttpClient } from "@framewright/sdk/http";
import { askOnce, HttpAnswer, HttpQuestion } from "../http-probe/backend/ask-once.js";
import { buildPlugin } from "./build-plugin.js";

/** A data source, as far as HTTP is concerned. */
export interface HttpSource {
  readonly url: string;
  readonly jsonData?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly grafanaConfig?: Readonly<Record<string, string>>;
}

/** How a request failed. */
export interface HttpFailure {
  readonly error: string;
  readonly status: number;
  readonly errorSource: string;
}

/** Where the HTTP client runs. */
export interface HttpSide extends AsyncDisposable {
  ask(source: HttpSource, question?: Partial<HttpQuestion>): Promise<HttpAnswer | HttpFailure>;
}

/** The client in this process, on Node. */
export async function startOnNode(env: Readonly<Record<string, string>> = {}): Promise<HttpSide> {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  return {
    async ask({ url, jsonData = {}, secrets = {}, grafanaConfig = {} }, question = {}) {
      try {
        await using client = await createHttpClient({
          uid: "ds-uid",
          name: "HTTP",
          url,
          jsonData,
          secureJsonData: secrets,
          grafanaConfig: new Map(Object.entries(grafanaConfig)),
        });
        return await askOnce(client, HttpQuestion.parse(question));
      } catch (error) {
        if (error instanceof DownstreamError || error instanceof PluginError) {
          return { error: error.message, status: error.status, errorSource: error.source };
        }
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      for (const [name, value] of before) {
        if (value === undefined) {
          delete process.env[name];
        } else {
          process.env[name] = value;
        }
      }
    },
  };
}

/** Compiles the HTTP probe and gives the path of its binary. */
export async function buildHttpProbe(): Promise<string> {
  return (await buildPlugin("http-probe")).executable;
}

/** The client in the HTTP probe's compiled binary. */
export async function startInBinary(
  executable: string,
  env: Readonly<Record<string, string>> = {},
): Promise<HttpSide & { readonly plugin: Plugin }> {
  const plugin = await startPlugin({ executable, env, startTimeoutMs: 20_000 });
  return {
    plugin,
    async ask(source, question = {}) {
      const queries = [{ refId: "A", json: question }];
      const answer = (await plugin.queryData({ context: httpContext(source), queries })).get("A");
      if (answer === undefined || answer.error !== undefined) {
        return { error: answer?.error ?? "", status: answer?.status ?? 0, errorSource: answer?.errorSource ?? "" };
      }
      const column = answer.frames[0]?.fields[0]?.column;
      return HttpAnswer.parse(JSON.parse(String(column === undefined ? "" : valueAt(column, 0))));
    },
    [Symbol.asyncDispose]: () => plugin[Symbol.asyncDispose](),
  };
}

let saved = 0;

/** The context of a call for a data source; each was saved later than the one before, and so has an instance of its own. */
export function httpContext({ url, jsonData = {}, secrets = {}, grafanaConfig = {} }: HttpSource): PluginContextInput {
  return {
    pluginId: "framewright-http-probe-datasource",
    grafanaConfig,
    dataSource: {
      uid: "ds-uid",
      name: "HTTP",
      url,
      jsonData,
      secureJsonData: secrets,
      updated: new Date(++saved),
    },
  };
}
