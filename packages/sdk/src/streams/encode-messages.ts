import { encodeJson, encodeJsonData, encodeJsonSchema } from "@framewright/data";
import { PluginError } from "../errors.js";
import { isFrame } from "../queries/query-answer.js";
import { describeValue } from "../validation/describe-value.js";

/**
 * One message as JSON text; a frame with schema and rows.
 *
 * @throws PluginError when it is neither a frame nor JSON, FrameError when the frame holds what Grafana could not read
 */
export function encodeMessage(message: unknown, what: string): string {
  if (isFrame(message)) {
    return encodeJson(message);
  }
  const json = typeof message === "object" && message !== null && "json" in message ? toJson(message.json) : undefined;
  if (json === undefined) {
    throw new PluginError(`${what} must be a frame or { json }, not ${describeValue(message)}`);
  }
  return json;
}

/**
 * The messages of a channel as JSON texts: a frame's schema goes with the first frame and when it changes, else its rows alone.
 *
 * @param onSchema gets each schema that is sent, as the text of a message of its own
 * @throws what the messages' source throws, and as {@link encodeMessage}
 */
export async function* encodeMessages(
  messages: AsyncIterable<unknown>,
  onSchema: (schema: string) => void,
): AsyncGenerator<string> {
  let known: string | undefined;
  for await (const message of messages) {
    const schema = isFrame(message) ? encodeJsonSchema(message) : undefined;
    if (isFrame(message) && schema === known) {
      yield encodeJsonData(message);
      continue;
    }
    if (schema !== undefined) {
      known = schema;
      onSchema(schema);
    }
    yield encodeMessage(message, "what a stream yields");
  }
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
