import {
  AdmissionControlService,
  DataService,
  DiagnosticsService,
  type GrpcMethod,
  ResourceConversionService,
  ResourceService,
  StreamService,
} from "@framewright/protocol";
import { failedQueries, failedQuery } from "../calls/answered-failures.js";
import type { CallFailure } from "../calls/call-record.js";
import type { RpcName } from "../middleware/middleware.js";
import { observedRpc, type PluginRequest } from "../server/calls/observed-rpc.js";
import type { InProcessRpc } from "./in-process-call.js";

/** Every RPC of a plugin's handlers, followed as the server follows it. */
export const rpcs = {
  queryData: inProcess(DataService.queryData, "queryData", failedQueries),
  queryChunkedData: inProcess(DataService.queryChunkedData, "queryChunkedData", failedQuery),
  callResource: inProcess(ResourceService.callResource, "callResource"),
  checkHealth: inProcess(DiagnosticsService.checkHealth, "checkHealth"),
  collectMetrics: inProcess(DiagnosticsService.collectMetrics, "collectMetrics"),
  subscribeStream: inProcess(StreamService.subscribeStream, "subscribeStream"),
  publishStream: inProcess(StreamService.publishStream, "publishStream"),
  runStream: inProcess(StreamService.runStream, "runStream"),
  validateAdmission: inProcess(AdmissionControlService.validateAdmission, "validateAdmission"),
  mutateAdmission: inProcess(AdmissionControlService.mutateAdmission, "mutateAdmission"),
  convertObjects: inProcess(ResourceConversionService.convertObjects, "convertObjects"),
};

function inProcess<Req extends PluginRequest, Res>(
  method: GrpcMethod<Req, Res>,
  endpoint: RpcName,
  failuresOf?: (message: Res) => readonly CallFailure[],
): InProcessRpc<Req, Res> {
  return { method, rpc: observedRpc(method, endpoint, failuresOf) };
}
