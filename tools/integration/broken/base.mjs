// A plugin made by hand of grpc-js alone, which does everything right. Each deviation of deviations.mjs replaces one of
// its steps by a wrong one.
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeArrow, frame, strings } from "@framewright/data";
import {
  BrokerService,
  ControllerService,
  DataService,
  DiagnosticsService,
  formatLogEntry,
  HealthService,
  negotiateVersion,
  ResourceService,
  StdioService,
} from "@framewright/protocol";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";

const MEBIBYTE = 1024 * 1024;
const SERVING = 1;

/** The steps of a plugin's life, each a function that a deviation can replace. */
export const base = {
  knowsCookie: (env) => env.grafana_plugin_type === "datasource",
  refusal: "This is a Grafana plugin. Grafana starts it; it does nothing by itself.\n",

  beforeHandshake() {},
  afterHandshake() {},
  coreVersion: 1,
  chooseVersion: (offered) => negotiateVersion(offered, [2]),
  sixthField: (serverCert) => serverCert,
  seventhField: (env) => (env.PLUGIN_MULTIPLEX_GRPC ? "|false" : ""),
  socketFolder: (env) => env.PLUGIN_UNIX_SOCKET_DIR || tmpdir(),
  socketMode: 0o600,
  opensToGroup: true,
  clientCert: (env) => env.PLUGIN_CLIENT_CERT,
  demandsClientCert: true,

  log(level, message) {
    process.stderr.write(`${formatLogEntry({ level, message, time: new Date(), fields: {} })}\n`);
  },

  maxReceiveBytes: 16 * MEBIBYTE,
  health: (service) => (["", "plugin"].includes(service) ? SERVING : undefined),
  decode: (deserialize) => deserialize,
  streamStdio() {},
  startStream: (call) => call.on("data", () => {}),
  onCancelled() {},
  onCall() {},
  answers: (asked, answer) => [...asked.keys()].map((refId) => [refId, answer(refId)]),
  answer(refId, query) {
    if (query === undefined) {
      return { frames: [], error: "the query is not JSON", status: 400, errorSource: "downstream" };
    }
    return {
      frames: [encodeArrow(frame("echo", { query: strings([JSON.stringify(query).slice(0, 100)]) }, { refId }))],
      error: "",
      status: 200,
      errorSource: "",
    };
  },

  interrupted() {},
  exitCode: 0,
  shutDown: (end) => end(),
  terminated: (end) => end(),
  removesSocket: true,
  followsHost: true,
};

/** Runs a plugin. */
export async function run(steps) {
  const { env } = process;
  const parent = process.ppid;
  if (!steps.knowsCookie(env)) {
    process.stderr.write(steps.refusal);
    process.exit(1);
  }
  steps.beforeHandshake();

  const path = join(steps.socketFolder(env), `plugin${randomBytes(6).toString("hex")}`);
  const end = () => {
    server.forceShutdown();
    if (steps.removesSocket) {
      rmSync(path, { force: true });
    }
    process.exit(steps.exitCode);
  };
  process.on("SIGINT", () => steps.interrupted(end));
  process.on("SIGTERM", () => steps.terminated(end));
  if (steps.followsHost) {
    setInterval(() => process.ppid === parent || end(), 250).unref();
  }

  const server = createServer(steps, end);
  const { credentials, serverCert } = await security(steps, env);
  const umask = process.umask(0o177);
  await new Promise((resolve, reject) => {
    server.bindAsync(`unix:${path}`, credentials, (error) => (error ? reject(error) : resolve()));
  });
  process.umask(umask);
  chmodSync(path, steps.socketMode);
  if (env.PLUGIN_UNIX_SOCKET_GROUP && steps.opensToGroup) {
    chownSync(path, -1, Number(env.PLUGIN_UNIX_SOCKET_GROUP));
    chmodSync(path, 0o660);
  }
  const version = steps.chooseVersion(env.PLUGIN_PROTOCOL_VERSIONS);
  process.stdout.write(
    `${steps.coreVersion}|${version}|unix|${path}|grpc|${steps.sixthField(serverCert)}${steps.seventhField(env)}\n`,
  );
  steps.log("info", "listening");
  steps.afterHandshake();
}

async function security(steps, env) {
  const clientCert = steps.clientCert(env);
  if (!clientCert) {
    return { credentials: ServerCredentials.createInsecure(), serverCert: "" };
  }
  const { createCertificate, encodeServerCert } = await import("@framewright/protocol/certificate");
  const { cert, key } = await createCertificate();
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  const root = steps.demandsClientCert ? Buffer.from(clientCert) : null;
  return {
    credentials: ServerCredentials.createSsl(root, [pair], steps.demandsClientCert),
    serverCert: encodeServerCert(cert),
  };
}

function createServer(steps, end) {
  const server = new Server({ "grpc.max_receive_message_length": steps.maxReceiveBytes });
  const services = [
    [
      DataService,
      {
        queryData: unary(steps, ({ queries }) => {
          const asked = new Map(queries.map((query) => [query.refId, parse(query.json)]));
          const answers = steps.answers(asked, (refId) => steps.answer(refId, asked.get(refId)));
          const whole = { jsonMeta: new Uint8Array(0), format: 0 };
          return { responses: new Map(answers.map(([key, answer]) => [key, { ...whole, ...answer }])) };
        }),
      },
    ],
    [
      ResourceService,
      {
        callResource(call) {
          call.write({ code: 404, headers: new Map(), body: Buffer.from("nothing is here") });
          call.end();
        },
      },
    ],
    [
      DiagnosticsService,
      {
        checkHealth: unary(steps, () => ({ status: 1, message: "well", jsonDetails: new Uint8Array(0) })),
        collectMetrics: unary(steps, () => ({ metrics: { prometheus: Buffer.from("up 1\n") } })),
      },
    ],
    [
      HealthService,
      {
        check(call, callback) {
          const known = steps.health(call.request.service);
          callback(known === undefined ? { code: status.NOT_FOUND } : null, { status: known });
        },
        watch(call) {
          call.write({ status: steps.health(call.request.service) ?? 3 });
        },
      },
    ],
    [StdioService, { streamStdio: steps.streamStdio }],
    [BrokerService, { startStream: steps.startStream }],
    [
      ControllerService,
      {
        shutdown(_call, callback) {
          callback(null, {});
          setImmediate(() => steps.shutDown(end));
        },
      },
    ],
  ];
  for (const [definition, handlers] of services) {
    server.addService(withDecoders(definition, steps), handlers);
  }
  return server;
}

function unary(steps, answer) {
  return (call, callback) => {
    call.on("cancelled", () => steps.onCancelled());
    // The answer takes a moment, so that a call can be cancelled before it comes.
    setTimeout(() => {
      const refused = steps.onCall(call.request);
      refused === undefined ? callback(null, answer(call.request)) : callback(refused);
    }, 5);
  };
}

function withDecoders(definition, { decode }) {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: decode(method.requestDeserialize) },
    ]),
  );
}

function parse(json) {
  try {
    return JSON.parse(Buffer.from(json).toString());
  } catch {
    return undefined;
  }
}
