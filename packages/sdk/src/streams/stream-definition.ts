import type { Frame } from "@framewright/data";
import type { InstanceContext } from "../call-context.js";

/**
 * One message for a channel: a frame, or anything else as JSON. Of a frame the schema is sent with the first one and whenever it
 * changes, else only the rows.
 */
export type StreamMessage = Frame | { readonly json: unknown };

/** What a plugin says to someone who wants to listen or to publish. */
export type StreamStatus = "ok" | "notFound" | "permissionDenied";

/**
 * The answer to a subscriber: a status, or yes with the first message for them. A subscriber who joins a channel that runs and
 * gets no message of their own gets the schema of its frames, without which they could not read the rows that follow.
 */
export type SubscribeAnswer = StreamStatus | { readonly initialData: StreamMessage };

/** The answer to a publication: a status, or yes with what Grafana sends to the channel. With `ok` alone nothing is sent. */
export type PublishAnswer = StreamStatus | { readonly data: StreamMessage };

/** What the handlers of a channel get. */
export interface StreamContext<Instance> extends InstanceContext<Instance> {
  /** The channel's path within the data source or app. */
  readonly path: string;
  /** What came along as JSON: the subscriber's query, or the publication itself. Undefined when nothing did. */
  readonly data: unknown;
}

/** The Grafana Live channels of a data source or app. */
export interface StreamHandlers<Instance> {
  /** Whether a user may listen to the channel. Everyone may, unless it is given. */
  subscribe?(path: string, context: StreamContext<Instance>): SubscribeAnswer | Promise<SubscribeAnswer>;
  /** Whether a user may publish to the channel, and what goes out. Nobody may, unless it is given. */
  publish?(path: string, context: StreamContext<Instance>): PublishAnswer | Promise<PublishAnswer>;
  /**
   * Fills the channel from its first subscriber until some time after the last one left: then `signal` aborts and the iterable
   * is closed. It is asked for its next message when Grafana has taken the last ones. When it ends or throws, Grafana runs it
   * anew as long as someone listens.
   */
  run(path: string, context: StreamContext<Instance>): AsyncIterable<StreamMessage>;
}
