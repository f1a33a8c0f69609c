import type { HttpRequests } from "@framewright/sdk/http";
import { z } from "zod";

/** One request, as JSON can say it. */
export const HttpQuestion = z.object({
  path: z.string().default(""),
  method: z.string().default("GET"),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  timeoutMs: z.number().optional(),
  maxResponseBytes: z.number().optional(),
  /** How often the request is made, one after the other; the last answer counts. */
  times: z.number().default(1),
});
export type HttpQuestion = z.infer<typeof HttpQuestion>;

/** A response, as JSON can say it. */
export const HttpAnswer = z.object({
  status: z.number(),
  body: z.string(),
  headers: z.record(z.string(), z.string()),
});
export type HttpAnswer = z.infer<typeof HttpAnswer>;

/** Asks, and reads the answer to its end. */
export async function askOnce(client: HttpRequests, question: HttpQuestion): Promise<HttpAnswer> {
  const { path, times, ...init } = question;
  for (let left = times; ; left--) {
    const response = await client.fetch(path, init);
    const body = await response.text();
    if (left <= 1) {
      return { status: response.status, body, headers: Object.fromEntries(response.headers) };
    }
  }
}
