import {
  ControllerService,
  DataService,
  DiagnosticsService,
  HealthService,
  ResourceService,
} from "@framewright/protocol";
import { Server } from "@grpc/grpc-js";
import type { Handlers } from "../handlers.js";
import type { Logger } from "../log/logger.js";
import { serverStream, unary } from "./call-adapters.js";
import { healthService } from "./health-service.js";

/** Largest message a plugin accepts, in bytes; the Go SDK's figure. */
const MAX_RECEIVED_BYTES = 16 * 1024 * 1024;

/**
 * Makes the gRPC server of a plugin, not yet listening. An RPC without a handler answers UNIMPLEMENTED.
 *
 * @param onShutdown is called when the host asks the plugin to end, after the host has its answer
 */
export function createServer(handlers: Handlers, log: Logger, onShutdown: () => void): Server {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_RECEIVED_BYTES,
    "grpc.max_send_message_length": -1,
  });
  const { queryData, callResource, checkHealth, collectMetrics } = handlers;
  server.addService(DataService, queryData ? { queryData: unary(log, queryData) } : {});
  server.addService(ResourceService, callResource ? { callResource: serverStream(log, callResource) } : {});
  server.addService(DiagnosticsService, {
    ...(checkHealth ? { checkHealth: unary(log, checkHealth) } : {}),
    ...(collectMetrics ? { collectMetrics: unary(log, collectMetrics) } : {}),
  });
  server.addService(HealthService, healthService);
  server.addService(ControllerService, {
    shutdown: unary(log, async () => {
      setImmediate(onShutdown);
      return {};
    }),
  });
  return server;
}
