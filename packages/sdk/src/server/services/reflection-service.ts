import type { Logger } from "../../log/logger.js";
import type { CallsInFlight } from "../calls/calls-in-flight.js";
import type { AnswerMany } from "../grpc/server-call.js";
import { status } from "../grpc/status.js";

/** The one method of gRPC's server reflection, under its name and the older one. */
export const REFLECTION_PATHS = ["v1", "v1alpha"].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

/**
 * gRPC's server reflection, as go-plugin offers it, for tools such as grpcurl. What reads its messages is loaded by the first call, with the descriptors of all services.
 *
 * @param services fully qualified names of the services that the server offers
 */
export function serverReflection(services: readonly string[], log: Logger, inFlight: CallsInFlight): AnswerMany {
  return (call) => {
    call.onOver(inFlight.hold(() => call.end()));
    const answer = beginAnswering(services);
    const end = (): void => call.end();
    return {
      onMessage(request) {
        answer
          .then((answerTo) => call.write([answerTo(request)]))
          .catch((error: unknown) => {
            log.warn("reflection failed", { error });
            call.end({ code: status.INVALID_ARGUMENT, details: "the request cannot be read" });
          });
      },
      onEnd: () => void answer.then(end, end),
    };
  };
}

/** Loads what reads and answers the requests of one stream. */
async function beginAnswering(services: readonly string[]): Promise<(request: Buffer) => Buffer> {
  const { createReflection, ReflectionService } = await import("@framewright/protocol/reflection");
  const { requestDeserialize, responseSerialize } = ReflectionService.serverReflectionInfo;
  const answer = createReflection(services)();
  return (request) => responseSerialize(answer(requestDeserialize(request)));
}
