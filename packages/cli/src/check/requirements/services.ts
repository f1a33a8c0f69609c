import { callBidiStream } from "@framewright/host";
import {
  HEALTH_SERVICE_NAME,
  HealthCheckResponse_ServingStatus,
  HealthService,
  ReflectionService,
  ServerReflectionRequest,
} from "@framewright/host/wire";
import type { CheckContext } from "../check-context.js";
import { type OpenStream, openBroker, openStdio } from "../go-plugin-streams.js";
import { within } from "../launched-plugin.js";
import { type Outcome, outcome } from "../outcome.js";
import { probeRpcs } from "../probe-rpcs.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, notApplicable, passed, type Verdict } from "../verdict.js";

/** How long an RPC that answers at once may take, in ms. */
const ANSWER_MS = 3_000;

/** How long a stream that is to stay open is watched, in ms. */
const OPEN_MS = 300;

/** What every plugin serves, whatever it is for. */
export const services: RequirementGroup = {
  name: "Services",
  requirements: [
    {
      id: "S1",
      title: "gRPC's health service says SERVING for the service named plugin",
      source: sources.guide,
      async run(context) {
        const { rpc } = await context.session();
        const request = { service: HEALTH_SERVICE_NAME };
        const answer = await outcome(rpc.unary(HealthService.check, request, { timeoutMs: ANSWER_MS }));
        if (!answer.ok) return failed("SERVING", answer.details);
        const { status } = answer.value;
        return status === HealthCheckResponse_ServingStatus.SERVING ? passed() : failed("SERVING", `status ${status}`);
      },
    },
    {
      id: "S2",
      title: "An unknown service or method is answered with UNIMPLEMENTED",
      source: sources.grpcStatus,
      async run(context) {
        const { rpc } = await context.session();
        for (const path of ["/framewright.Check/Nothing", "/grpc.health.v1.Health/Nothing"]) {
          const method = { ...HealthService.check, path };
          const { code } = await outcome(rpc.unary(method, { service: "" }, { timeoutMs: ANSWER_MS }));
          if (code !== "UNIMPLEMENTED") return failed(`UNIMPLEMENTED for ${path}`, code);
        }
        return passed();
      },
    },
    {
      id: "S3",
      title: "Every RPC of pluginv2 is answered, or answered with UNIMPLEMENTED",
      source: sources.pluginv2,
      async run(context) {
        const { launched } = await context.session();
        const answers = await probeRpcs(await context.session(), context.target);
        const silent = answers.filter(({ answered }) => !answered);
        const exit = await launched.exitWithin(0);
        if (silent.length > 0 || exit !== undefined) {
          const list = silent.map(({ name, code }) => `${name}: ${code}`).join(", ");
          return failed("an answer from each", `${list}${exit === undefined ? "" : "; the process is gone"}`);
        }
        const served = answers.filter(({ code }) => code !== "UNIMPLEMENTED").map(({ name }) => name);
        return passed(`served: ${served.join(", ")}`);
      },
    },
    {
      id: "S4",
      title: "go-plugin's stdio stream is accepted and stays open",
      source: sources.stdio,
      run: async (context) => stayedOpen((await context.once(watchStreams)).stdio),
    },
    {
      id: "S5",
      title: "go-plugin's broker stream is accepted and stays open",
      source: sources.broker,
      run: async (context) => stayedOpen((await context.once(watchStreams)).broker),
    },
    {
      id: "S6",
      title: "The health service knows nothing of services it does not know: NOT_FOUND",
      source: sources.grpcHealth,
      level: "recommended",
      needs: ["S1"],
      async run(context) {
        const { rpc } = await context.session();
        const request = { service: "framewright.Check" };
        const { code } = await outcome(rpc.unary(HealthService.check, request, { timeoutMs: ANSWER_MS }));
        return code === "NOT_FOUND" ? passed() : failed("NOT_FOUND", code);
      },
    },
    {
      id: "S7",
      title: "Server reflection, where it is offered, names the services of go-plugin",
      source: sources.grpcReflection,
      async run(context) {
        const { client } = await context.session();
        async function* listServices() {
          yield ServerReflectionRequest.fromPartial({ listServices: "*" });
        }
        async function ask() {
          const options = { timeoutMs: ANSWER_MS };
          for await (const { listServicesResponse } of callBidiStream(
            client,
            ReflectionService.serverReflectionInfo,
            listServices(),
            options,
          )) {
            return listServicesResponse?.service.map(({ name }) => name) ?? [];
          }
          return [];
        }
        const answer = await outcome(ask());
        if (answer.code === "UNIMPLEMENTED") return notApplicable("it is not offered");
        if (!answer.ok) return failed("a list of services", answer.details);
        const missing = ["grpc.health.v1.Health", "plugin.GRPCController"].find((name) => !answer.value.includes(name));
        return missing === undefined ? passed(answer.value.join(", ")) : failed(missing, answer.value.join(", "));
      },
    },
  ],
};

/** Opens go-plugin's streams for a while, both at a time as its hosts do. */
async function watchStreams(context: CheckContext) {
  const session = await context.session();
  const [stdio, broker] = await Promise.all([openStdio(session), openBroker(session)].map(watch));
  return { stdio, broker };
}

/** How a stream ended; `undefined` when it stayed open. */
async function watch({ ended, close }: OpenStream): Promise<Outcome<void> | undefined> {
  const end = await within(OPEN_MS, ended);
  close();
  return end;
}

function stayedOpen(end: Outcome<void> | undefined): Verdict {
  if (end === undefined) return passed();
  if (end.code === "UNIMPLEMENTED") return notApplicable("it is not served, which go-plugin's hosts put up with");
  return failed("an open stream", end.ok ? "the plugin ended it" : end.details);
}
