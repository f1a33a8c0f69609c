import {
  HEALTH_SERVICE_NAME,
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
  type HealthListRequest,
  type HealthListResponse,
} from "@framewright/protocol";
import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from "@grpc/grpc-js";

const { SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

/**
 * gRPC's health service for a plugin: SERVING for the whole server and for go-plugin's name `plugin`, for as long as
 * the process listens. Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export const healthService = {
  check(
    call: ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>,
    callback: sendUnaryData<HealthCheckResponse>,
  ): void {
    if (isKnown(call.request.service)) {
      callback(null, { status: SERVING });
    } else {
      callback({ code: status.NOT_FOUND, details: `unknown service ${JSON.stringify(call.request.service)}` });
    }
  },

  /** The status never changes, so the stream stays open with its one message until the host cancels it. */
  watch(call: ServerWritableStream<HealthCheckRequest, HealthCheckResponse>): void {
    call.write({ status: isKnown(call.request.service) ? SERVING : SERVICE_UNKNOWN });
  },

  list(
    _call: ServerUnaryCall<HealthListRequest, HealthListResponse>,
    callback: sendUnaryData<HealthListResponse>,
  ): void {
    callback(null, {
      statuses: new Map([
        ["", { status: SERVING }],
        [HEALTH_SERVICE_NAME, { status: SERVING }],
      ]),
    });
  },
};

function isKnown(service: string): boolean {
  return service === "" || service === HEALTH_SERVICE_NAME;
}
