import { setTimeout } from "node:timers/promises";
import { type DataSourceConfig, DownstreamError, type OpenContext } from "@framewright/sdk";
import { createHttpClient, type HttpClientConfig } from "@framewright/sdk/http";
import { z } from "zod";

/** The settings of the probe's data source. */
export const Settings = z.object({
  label: z.string().default("one"),
  open: z.enum(["succeeds", "fails", "hangs"]).default("succeeds"),
  /** A URL that the open client asks again and again, whether there is a call or not. */
  poll: z.string().optional(),
});

/** What the handlers work with. */
export interface Client extends AsyncDisposable {
  readonly label: string;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Opens a client, slowly, and tells of it in the log. */
export async function openClient(
  config: DataSourceConfig<z.infer<typeof Settings>>,
  { signal }: OpenContext,
): Promise<Client> {
  const { uid, settings, secrets, grafanaConfig } = config;
  const label = grafanaConfig.get("PROBE_LABEL") ?? settings.label;
  console.info(`opening ${uid} ${label}`);
  if (settings.open === "hangs") {
    signal.addEventListener("abort", () => console.info(`gave up opening ${uid} ${label}`));
    await new Promise(() => {});
  }
  await setTimeout(20, undefined, { signal });
  if (settings.open === "fails") {
    throw new DownstreamError(`refused for ${secrets["token"] ?? "nobody"}`, { status: 503 });
  }
  console.info(`opened ${uid} ${label}`);
  const polling = settings.poll === undefined ? undefined : await poll({ ...config, url: settings.poll });
  return {
    label,
    secrets,
    async [Symbol.asyncDispose]() {
      await polling?.[Symbol.asyncDispose]();
      await setTimeout(1);
      console.info(`disposed ${uid} ${label}`);
    },
  };
}

/** Asks a URL ten times a second until it is disposed. */
async function poll(config: HttpClientConfig): Promise<AsyncDisposable> {
  const client = await createHttpClient(config);
  const timer = setInterval(() => void client.text("poll").catch(() => {}), 100);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await client[Symbol.asyncDispose]();
    },
  };
}
