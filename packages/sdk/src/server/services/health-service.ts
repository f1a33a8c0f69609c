import {
  HEALTH_SERVICE_NAME,
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  type HealthListRequest,
  type HealthListResponse,
} from "@framewright/protocol";
import { type handleServerStreamingCall, type handleUnaryCall, status } from "@grpc/grpc-js";
import type { CallsInFlight } from "../calls/calls-in-flight.js";

const { SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

/**
 * gRPC's health service for a plugin: SERVING for the whole server and for go-plugin's name `plugin`, for as long as
 * the process listens. Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export const check: handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = (call, callback) => {
  if (isKnown(call.request.service)) {
    callback(null, { status: SERVING });
  } else {
    callback({ code: status.NOT_FOUND, details: `unknown service ${JSON.stringify(call.request.service)}` });
  }
};

/** The status never changes, so the stream stays open with its one message until the host cancels it or the plugin ends. */
export function watch(inFlight: CallsInFlight): handleServerStreamingCall<HealthCheckRequest, HealthCheckResponse> {
  return (call) => {
    call.once(
      "cancelled",
      inFlight.hold(() => call.end()),
    );
    call.write({ status: isKnown(call.request.service) ? SERVING : SERVICE_UNKNOWN });
  };
}

/** The status of both names. */
export const list: handleUnaryCall<HealthListRequest, HealthListResponse> = (_call, callback) => {
  const serving: HealthCheckResponse = { status: SERVING };
  callback(null, {
    statuses: new Map([
      ["", serving],
      [HEALTH_SERVICE_NAME, serving],
    ]),
  });
};

function isKnown(service: string): boolean {
  return service === "" || service === HEALTH_SERVICE_NAME;
}
