import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdmissionControlService,
  AdmissionRequest,
  RunStreamRequest,
  StreamPacket,
  StreamService,
  ValidationResponse,
} from "@framewright/protocol";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { definePlugin, type Handlers } from "../src/index.js";
import { createLogger } from "../src/log/logger.js";
import { createCallsInFlight } from "../src/server/calls/calls-in-flight.js";
import { createServer } from "../src/server/create-server.js";
import type { GrpcServer } from "../src/server/grpc/grpc-server.js";

const open: (GrpcServer | Client)[] = [];

afterEach(() => {
  for (const end of open.splice(0)) {
    if (end instanceof Client) {
      end.close();
    } else {
      end.destroy();
    }
  }
});

let sockets = 0;

async function serveHandlers(handlers: Handlers, lines: string[] = []): Promise<Client> {
  const { handlers: defined } = definePlugin({ pluginId: "acme-test-datasource", handlers });
  const log = createLogger((line) => lines.push(line));
  const inFlight = createCallsInFlight();
  const server = createServer({ handlers: defined, log, inFlight, maxReceivedBytes: 1_000, onShutdown: () => {} });
  const path = join(tmpdir(), `framewright-${process.pid}-${sockets++}`);
  await server.listen({ path });
  const client = new Client(`unix:${path}`, credentials.createInsecure());
  open.push(client, server);
  return client;
}

function validate(client: Client): Promise<ValidationResponse> {
  const { path, requestSerialize, responseDeserialize } = AdmissionControlService.validateAdmission;
  return new Promise((resolve, reject) => {
    const request = AdmissionRequest.fromPartial({});
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, new Metadata(), (error, answer) =>
      answer === undefined ? reject(error) : resolve(answer),
    );
  });
}

describe("raw handlers", () => {
  it("keep the object they are methods of", async () => {
    class Policy implements Handlers {
      readonly warning = "of this policy";
      async validateAdmission() {
        return ValidationResponse.fromPartial({ allowed: true, warnings: [this.warning] });
      }
    }
    expect(await validate(await serveHandlers(new Policy()))).toMatchObject({ warnings: ["of this policy"] });
  });

  it.each([
    ["throws at once", "at once", "at once"],
    ["says nothing", "", "unexpected error - please inspect Grafana server log for details"],
    ["has half a character in it", "half \ud83d of", "half \ufffd of"],
    ["is longer than a header may be", "x".repeat(100_000), `${"x".repeat(4_000)}…`],
  ])("answer UNKNOWN with the error that %s", async (_, message, details) => {
    const lines: string[] = [];
    const client = await serveHandlers(
      {
        validateAdmission() {
          throw new Error(message);
        },
      },
      lines,
    );
    await expect(validate(client)).rejects.toMatchObject({ code: 2, details });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ "@level": "error", "@message": "call failed" });
  });
});

describe("streams", () => {
  it("close their iterator when the host leaves, however it was made", async () => {
    const events: string[] = [];
    const stream: AsyncIterable<StreamPacket> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: StreamPacket.fromPartial({ data: Buffer.from("1") }) }),
        return: async () => {
          events.push("closed");
          return { done: true, value: undefined };
        },
      }),
    };
    const client = await serveHandlers({ runStream: () => stream });
    const { path, requestSerialize, responseDeserialize } = StreamService.runStream;
    const call = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      RunStreamRequest.fromPartial({}),
    );
    call.on("error", () => {});
    await once(call, "data");
    expect(events).toEqual([]);
    call.cancel();
    await expect.poll(() => events).toEqual(["closed"]);
  });
});

describe("createServer", () => {
  it.each([0, -2, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s as the size of a message", (size) => {
    const settings = {
      handlers: {},
      log: createLogger(() => {}),
      inFlight: createCallsInFlight(),
      onShutdown: () => {},
    };
    expect(() => createServer({ ...settings, maxReceivedBytes: size })).toThrow(/maxReceivedBytes/);
  });
});
