import { type handleBidiStreamingCall, status } from "@grpc/grpc-js";
import type { Logger } from "../../log/logger.js";
import type { CallsInFlight } from "../calls/calls-in-flight.js";

/** The one method of gRPC's server reflection, under its name and the older one. */
export const REFLECTION_PATHS = ["v1", "v1alpha"].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

/**
 * gRPC's server reflection, as go-plugin offers it, for tools such as grpcurl. Its messages come as bytes: what reads them
 * is loaded by the first call, with the descriptors of all services.
 *
 * @param services fully qualified names of the services that the server offers
 */
export function serverReflection(
  services: readonly string[],
  log: Logger,
  inFlight: CallsInFlight,
): handleBidiStreamingCall<Buffer, Buffer> {
  return (call) => {
    call.once(
      "cancelled",
      inFlight.hold(() => call.end()),
    );
    const answer = beginAnswering(services);
    // Not `for await`, which in Bun does not see the end of a stream that is still written to.
    call.on("data", (request: Buffer) => {
      answer
        .then((answerTo) => void call.write(answerTo(request)))
        .catch((error: unknown) => {
          log.warn("reflection failed", { error });
          call.emit("error", { code: status.INVALID_ARGUMENT, details: "the request cannot be read" });
        });
    });
    const end = (): void => void call.end();
    call.on("end", () => void answer.then(end, end));
  };
}

/** Loads what reads and answers the requests of one stream. */
async function beginAnswering(services: readonly string[]): Promise<(request: Buffer) => Buffer> {
  const { createReflection, ReflectionService } = await import("@framewright/protocol/reflection");
  const { requestDeserialize, responseSerialize } = ReflectionService.serverReflectionInfo;
  const answer = createReflection(services)();
  return (request) => responseSerialize(answer(requestDeserialize(request)));
}
