import {
  type PublishStreamRequest,
  PublishStreamResponse,
  PublishStreamResponse_Status,
  type RunStreamRequest,
  StreamPacket,
  type SubscribeStreamRequest,
  SubscribeStreamResponse,
  SubscribeStreamResponse_Status,
} from "@framewright/protocol";
import type { CallContext } from "../call-context.js";
import { readForwardedHeaders } from "../calls/forwarded-headers.js";
import { unlessAborted } from "../calls/in-time.js";
import { DownstreamError, errorAnswer, PluginError } from "../errors.js";
import type { Handlers } from "../handlers.js";
import type { InstanceCall, InstanceCalls } from "../instances/instance-calls.js";
import { describeValue } from "../validation/describe-value.js";
import { parseJson } from "../validation/validate.js";
import { encodeMessage, encodeMessages } from "./encode-messages.js";
import type {
  PublishAnswer,
  StreamContext,
  StreamHandlers,
  StreamStatus,
  SubscribeAnswer,
} from "./stream-definition.js";

type StreamEndpoint = "subscribeStream" | "publishStream" | "runStream";
type StreamRequest = SubscribeStreamRequest | PublishStreamRequest | RunStreamRequest;

const subscribeStatuses = {
  ok: SubscribeStreamResponse_Status.OK,
  notFound: SubscribeStreamResponse_Status.NOT_FOUND,
  permissionDenied: SubscribeStreamResponse_Status.PERMISSION_DENIED,
};
const publishStatuses = {
  ok: PublishStreamResponse_Status.OK,
  notFound: PublishStreamResponse_Status.NOT_FOUND,
  permissionDenied: PublishStreamResponse_Status.PERMISSION_DENIED,
};

/** The RPCs of Grafana Live's channels. */
export function streamRpcs<Instance>(
  calls: InstanceCalls<Instance>,
  streams: StreamHandlers<Instance>,
): Required<Pick<Handlers, "subscribeStream" | "publishStream" | "runStream">> {
  /** The schema that each running channel sent last, and the run that sent it. */
  const schemas = new Map<string, { readonly schema: string; readonly run: InstanceCall<Instance> }>();

  function begin(endpoint: StreamEndpoint, request: StreamRequest, context: CallContext): InstanceCall<Instance> {
    return calls.begin(endpoint, context, request.pluginContext, () => readForwardedHeaders(request.headers));
  }

  /** What a handler of a subscriber or publication answers; a refusal that it throws is an answer too. */
  async function ask<Answer>(
    call: InstanceCall<Instance>,
    request: StreamRequest,
    handle: (context: StreamContext<Instance>) => Answer | Promise<Answer>,
  ): Promise<Answer | StreamStatus> {
    try {
      return await unlessAborted(call.context.signal, () =>
        call.run(call.context.log, async () => handle(await streamContext(call, request))),
      );
    } catch (error) {
      const refusal = refusals.get(errorAnswer(error).status);
      if (refusal === undefined) {
        throw channelError(call, request, error);
      }
      call.logFailure("channel refused", error, { path: request.path });
      return refusal;
    }
  }

  return {
    async subscribeStream(request, context) {
      const call = begin("subscribeStream", request, context);
      try {
        const answer = await ask<SubscribeAnswer>(call, request, (context) =>
          // Only where there is no handler everyone may: one that returns nothing has not said so.
          streams.subscribe === undefined ? "ok" : streams.subscribe(request.path, context),
        );
        if (isStatus(answer)) {
          const schema = answer === "ok" ? schemas.get(channelKey(call, request))?.schema : undefined;
          return subscribeResponse(answer, schema ?? "");
        }
        checkAnswer(answer, "initialData", "subscribe");
        return subscribeResponse("ok", encodeMessage(answer.initialData, "initialData"));
      } finally {
        call.end();
      }
    },

    async publishStream(request, context) {
      const call = begin("publishStream", request, context);
      try {
        const answer = await ask<PublishAnswer>(call, request, (context) =>
          streams.publish === undefined ? "permissionDenied" : streams.publish(request.path, context),
        );
        if (isStatus(answer)) {
          return publishResponse(answer, "");
        }
        checkAnswer(answer, "data", "publish");
        return publishResponse("ok", encodeMessage(answer.data, "data"));
      } finally {
        call.end();
      }
    },

    async *runStream(request, context) {
      const call = begin("runStream", request, context);
      const key = channelKey(call, request);
      // The channel may have been run anew meanwhile, and its schema is that of the new run: what one that is over still sends
      // does not count.
      const remember = (schema: string): void => {
        if (!call.callSignal.aborted) {
          schemas.set(key, { schema, run: call });
        }
      };
      const forget = (): void => {
        if (schemas.get(key)?.run === call) {
          schemas.delete(key);
        }
      };
      // A source that hangs would keep what stands in `finally` from running.
      call.callSignal.addEventListener("abort", forget, { once: true });
      try {
        const messages: unknown = streams.run(request.path, await streamContext(call, request));
        if (!isIterable(messages)) {
          throw new PluginError(`streams.run must return an async iterable, not ${describeValue(messages)}`);
        }
        for await (const text of encodeMessages(messages, remember)) {
          yield StreamPacket.fromPartial({ data: Buffer.from(text) });
        }
      } catch (error) {
        throw call.callSignal.aborted ? error : channelError(call, request, error);
      } finally {
        forget();
        call.end();
      }
    },
  };
}

/** Statuses of errors by which a handler refuses a user. */
const refusals = new Map<number, StreamStatus>([
  [401, "permissionDenied"],
  [403, "permissionDenied"],
  [404, "notFound"],
]);

async function streamContext<Instance>(
  call: InstanceCall<Instance>,
  { path, data }: StreamRequest,
): Promise<StreamContext<Instance>> {
  const context = await call.instanceContext();
  return { ...context, path, data: data.length === 0 ? undefined : parseJson(data, "data") };
}

/** The error with the channel's name, under which the server logs it and Grafana reports it. */
function channelError<Instance>(
  call: InstanceCall<Instance>,
  { path, pluginContext }: StreamRequest,
  cause: unknown,
): Error {
  const { message, status, source } = errorAnswer(cause, call.userFacingDefault);
  const name = pluginContext?.dataSourceInstanceSettings?.name ?? pluginContext?.pluginId ?? "";
  const SourcedError = source === "plugin" ? PluginError : DownstreamError;
  return new SourcedError(`channel ${JSON.stringify(path)} of ${name}: ${message}`, { status, cause });
}

function channelKey<Instance>({ targetId }: InstanceCall<Instance>, { path }: StreamRequest): string {
  return JSON.stringify([targetId, path]);
}

function isStatus(answer: unknown): answer is StreamStatus {
  return answer === "ok" || answer === "notFound" || answer === "permissionDenied";
}

function checkAnswer(answer: unknown, member: string, handler: string): void {
  if (typeof answer !== "object" || answer === null || !(member in answer)) {
    throw new PluginError(
      `streams.${handler} must return "ok", "notFound", "permissionDenied" or { ${member} }, not ${describeValue(answer)}`,
    );
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function subscribeResponse(status: StreamStatus, data: string): SubscribeStreamResponse {
  return SubscribeStreamResponse.fromPartial({ status: subscribeStatuses[status], data: Buffer.from(data) });
}

function publishResponse(status: StreamStatus, data: string): PublishStreamResponse {
  return PublishStreamResponse.fromPartial({ status: publishStatuses[status], data: Buffer.from(data) });
}
