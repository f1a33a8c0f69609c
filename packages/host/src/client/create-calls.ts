import {
  AdmissionControlService,
  CollectMetricsRequest,
  DataService,
  DiagnosticsService,
  HEALTH_SERVICE_NAME,
  HealthCheckResponse_ServingStatus,
  HealthService,
  ResourceConversionService,
  ResourceService,
  StreamService,
} from "@framewright/protocol";
import { fromMutationResponse, fromValidationResponse, toAdmissionRequest } from "./admission.js";
import { toCallResourceRequest, toWebResponse } from "./call-resource.js";
import { fromCheckHealthResponse, toCheckHealthRequest } from "./check-health.js";
import { fromConversionResponse, toConversionRequest } from "./convert-objects.js";
import type { PluginCalls } from "./plugin-calls.js";
import { toWireContext } from "./plugin-context.js";
import { fromQueryChunkedDataResponse } from "./query-chunked-data.js";
import { fromQueryDataResponse, toQueryDataRequest } from "./query-data.js";
import type { Rpc } from "./rpc.js";
import {
  fromPublishStreamResponse,
  fromStreamPacket,
  fromSubscribeStreamResponse,
  toPublishStreamRequest,
  toRunStreamRequest,
  toSubscribeStreamRequest,
} from "./stream.js";

/** Grafana's calls, made of plain ones. */
export function createCalls(rpc: Rpc): PluginCalls {
  return {
    async queryData(call, options) {
      return fromQueryDataResponse(await rpc.unary(DataService.queryData, toQueryDataRequest(call), options));
    },
    async *queryChunkedData(call, options) {
      const request = toQueryDataRequest(call);
      for await (const chunk of rpc.serverStream(DataService.queryChunkedData, request, options)) {
        yield fromQueryChunkedDataResponse(chunk);
      }
    },
    callResource(call, options) {
      const request = toCallResourceRequest(call);
      return toWebResponse((cancelled) => {
        const signal = options?.signal === undefined ? cancelled : AbortSignal.any([options.signal, cancelled]);
        return rpc.serverStream(ResourceService.callResource, request, { ...options, signal });
      });
    },
    async checkHealth(context, options) {
      return fromCheckHealthResponse(
        await rpc.unary(DiagnosticsService.checkHealth, toCheckHealthRequest(context), options),
      );
    },
    async collectMetrics(context, options) {
      const request = CollectMetricsRequest.fromPartial({ pluginContext: toWireContext(context) });
      const { metrics } = await rpc.unary(DiagnosticsService.collectMetrics, request, options);
      return new TextDecoder().decode(metrics?.prometheus);
    },
    async subscribeStream(call, options) {
      return fromSubscribeStreamResponse(
        await rpc.unary(StreamService.subscribeStream, toSubscribeStreamRequest(call), options),
      );
    },
    async publishStream(call, options) {
      return fromPublishStreamResponse(
        await rpc.unary(StreamService.publishStream, toPublishStreamRequest(call), options),
      );
    },
    async *runStream(call, options) {
      for await (const packet of rpc.serverStream(StreamService.runStream, toRunStreamRequest(call), options)) {
        yield fromStreamPacket(packet);
      }
    },
    async validateAdmission(call, options) {
      return fromValidationResponse(
        await rpc.unary(AdmissionControlService.validateAdmission, toAdmissionRequest(call), options),
      );
    },
    async mutateAdmission(call, options) {
      return fromMutationResponse(
        await rpc.unary(AdmissionControlService.mutateAdmission, toAdmissionRequest(call), options),
      );
    },
    async convertObjects(call, options) {
      return fromConversionResponse(
        await rpc.unary(ResourceConversionService.convertObjects, toConversionRequest(call), options),
      );
    },
    async isServing(options) {
      const { status } = await rpc.unary(HealthService.check, { service: HEALTH_SERVICE_NAME }, options);
      return status === HealthCheckResponse_ServingStatus.SERVING;
    },
  };
}
