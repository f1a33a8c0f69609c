import {
  HEALTH_SERVICE_NAME,
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  type HealthListResponse,
  HealthService,
} from "@framewright/protocol";
import type { CallsInFlight } from "../calls/calls-in-flight.js";
import type { AnswerOne } from "../grpc/server-call.js";
import { status } from "../grpc/status.js";

const { SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

/**
 * gRPC's health service for a plugin: SERVING for the whole server and for go-plugin's name `plugin`, for as long as
 * the process listens. Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export const check: AnswerOne = (call, request) => {
  const service = serviceOf(request);
  if (isKnown(service)) {
    call.write(HealthService.check.responseParts({ status: SERVING }));
    call.end();
  } else {
    call.end({ code: status.NOT_FOUND, details: `unknown service ${JSON.stringify(service)}` });
  }
};

/** The status never changes, so the stream stays open with its one message until the host cancels it or the plugin ends. */
export function watch(inFlight: CallsInFlight): AnswerOne {
  return (call, request) => {
    call.onOver(inFlight.hold(() => call.end()));
    const found = isKnown(serviceOf(request)) ? SERVING : SERVICE_UNKNOWN;
    call.write(HealthService.watch.responseParts({ status: found }));
  };
}

/** The status of both names. */
export const list: AnswerOne = (call) => {
  const serving: HealthCheckResponse = { status: SERVING };
  const statuses: HealthListResponse["statuses"] = new Map([
    ["", serving],
    [HEALTH_SERVICE_NAME, serving],
  ]);
  call.write(HealthService.list.responseParts({ statuses }));
  call.end();
};

function serviceOf(request: Buffer): HealthCheckRequest["service"] {
  return HealthService.check.requestDeserialize(request).service;
}

function isKnown(service: string): boolean {
  return service === "" || service === HEALTH_SERVICE_NAME;
}
