import { tmpdir } from "node:os";
import { formatLogEntry, QueryChunkedDataResponse } from "@framewright/protocol";
import { ServerReflectionResponse } from "@framewright/protocol/reflection";
import { status } from "@grpc/grpc-js";
import { base, type Steps } from "./base.js";

/** A plugin that does one thing wrong. */
export interface Deviation {
  /** The requirement of `framewright check` that says so. */
  readonly fails: string;
  /** The steps of the base plugin that are replaced. */
  readonly steps: Partial<Steps>;
}

const die = (): never => process.exit(70);

/** Refuses calls when there were more than so many in about the last 20 ms. */
function refuseAbove(limit: number): Steps["onCall"] {
  let recent = 0;
  return () => {
    recent++;
    setTimeout(() => recent--, 20);
    return recent > limit ? { code: status.RESOURCE_EXHAUSTED, details: "too many at a time" } : undefined;
  };
}

/** Every deviation, by name. */
export const deviations: Readonly<Record<string, Deviation>> = {
  startsWithoutCookie: { fails: "H1", steps: { knowsCookie: () => true } },
  refusesWithoutAWord: { fails: "H2", steps: { refusal: "" } },
  looksOnlyWhetherThereIsACookie: { fails: "H3", steps: { knowsCookie: (env) => "grafana_plugin_type" in env } },
  logsOnStdoutBeforeTheHandshake: { fails: "H4", steps: { beforeHandshake: () => console.log("starting") } },
  speaksAnotherCoreVersion: { fails: "H5", steps: { coreVersion: 2 } },
  speaksTheOldProtocol: { fails: "H6", steps: { chooseVersion: () => 1 } },
  takesTheFirstVersionOffered: {
    fails: "H7",
    steps: { chooseVersion: (offered = "2") => Number.parseInt(offered, 10) },
  },
  diesWithoutACommonVersion: {
    fails: "H8",
    steps: { chooseVersion: (offered) => (offered?.split(",").includes("2") ? 2 : die()) },
  },
  alwaysSendsASeventhField: { fails: "H9", steps: { seventhField: () => "|false" } },
  sendsACertificateUnasked: { fails: "H10", steps: { sixthField: (cert) => cert || "A".repeat(80) } },

  choosesItsOwnSocketFolder: { fails: "A1", steps: { socketFolder: () => tmpdir() } },
  opensItsSocketToAll: { fails: "A2", steps: { socketMode: 0o666 } },
  knowsNoSocketGroup: { fails: "A3", steps: { opensToGroup: false } },
  takesAnyPort: { fails: "A4", steps: { tcpAddress: "127.0.0.1:0" } },

  answersInPlainTextWhereTlsIsAskedFor: { fails: "M1", steps: { clientCert: () => undefined } },
  sendsAnotherCertificateThanItShows: {
    fails: "M2",
    steps: { sixthField: (cert) => cert.replace(/.{8}$/, "AAAAAAAA") },
  },
  letsAnyClientIn: { fails: "M3", steps: { demandsClientCert: false } },

  hasNoHealthService: { fails: "S1", steps: { health: () => undefined } },
  neverAnswersSubscribers: { fails: "S3", steps: { more: { subscribeStream() {} } } },
  endsTheStdioStream: { fails: "S4", steps: { streamStdio: (call) => call.end() } },
  endsTheBrokerStream: { fails: "S5", steps: { startStream: (call) => call.end() } },
  isHealthyUnderAnyName: { fails: "S6", steps: { health: () => 1 } },
  reflectsNoServices: {
    fails: "S7",
    steps: {
      more: {
        serverReflectionInfo(call) {
          call.on("data", () => {
            call.write(ServerReflectionResponse.fromPartial({ listServicesResponse: { service: [] } }));
            call.end();
          });
        },
      },
    },
  },

  answersOneRefIdForAnother: {
    fails: "Q1",
    steps: {
      answers(asked, answer) {
        const refIds = [...asked.keys()];
        return refIds.map((refId, index) => [refId, answer(refIds.at(index - 1) ?? refId)]);
      },
    },
  },
  answersWhatNobodyAsked: {
    fails: "Q1",
    steps: { answers: (asked, answer) => [...base.answers(asked, answer), ["default", answer("default")]] },
  },
  trimsRefIds: {
    fails: "Q2",
    steps: { answers: (asked, answer) => [...asked.keys()].map((refId) => [refId.trim(), answer(refId)]) },
  },
  sendsFramesAsJson: {
    fails: "Q3",
    steps: {
      answer(refId, query) {
        const answer = base.answer(refId, query);
        return { ...answer, frames: answer.frames.map(() => Buffer.from("{}")) };
      },
    },
  },
  failsWithStatus200: {
    fails: "Q4",
    steps: { answer: (refId, query) => ({ ...base.answer(refId, query), status: 200 }) },
  },
  failsAllQueriesForOne: {
    fails: "Q5",
    steps: {
      answers(asked, answer) {
        const failed = [...asked].find(([, query]) => query === undefined);
        return [...asked.keys()].map((refId) => [refId, answer(failed?.[0] ?? refId)]);
      },
    },
  },
  sendsChunksOfNoQuery: {
    fails: "Q6",
    steps: {
      more: {
        queryChunkedData(call) {
          call.write(QueryChunkedDataResponse.fromPartial({ frameId: "1", status: 200 }));
          call.end();
        },
      },
    },
  },

  sendsHealthDetailsAsText: { fails: "R1", steps: { healthDetails: "all is well" } },
  sendsMetricsAsText: { fails: "R2", steps: { metrics: "up is one\n" } },
  answersResourcesWithoutAStatus: { fails: "R3", steps: { resourceStatus: 0 } },

  diesOfACancelledCall: { fails: "C1", steps: { onCancelled: die } },
  answersOnlyAFewCallsAtATime: { fails: "C2", steps: { onCall: refuseAbove(16) } },
  diesOfALargeMessage: {
    fails: "C3",
    steps: {
      maxReceiveBytes: -1,
      decode: (deserialize) => (bytes) => (bytes.length > base.maxReceiveBytes ? die() : deserialize(bytes)),
    },
  },
  takesOnly4MiB: { fails: "C4", steps: { maxReceiveBytes: 4 * 1024 * 1024 } },
  diesOfAMessageItCannotRead: {
    fails: "C5",
    steps: {
      decode: (deserialize) => (bytes) => {
        try {
          return deserialize(bytes);
        } catch {
          return die();
        }
      },
    },
  },

  diesOfSigint: { fails: "E1", steps: { interrupted: die } },
  ignoresShutdown: { fails: "E2", steps: { shutDown() {} } },
  endsWithCode1: { fails: "E2", steps: { exitCode: 1 } },
  leavesItsSocket: { fails: "E3", steps: { removesSocket: false } },
  ignoresSigterm: { fails: "E4", steps: { terminated() {} } },
  outlivesItsHost: { fails: "E5", steps: { orphaned() {} } },
  leavesItsSocketWithItsHost: { fails: "E6", steps: { orphaned: die } },

  printsAfterTheHandshake: { fails: "O1", steps: { afterHandshake: () => console.log("listening") } },
  logsPlainText: { fails: "O2", steps: { log: (level, message) => console.error(`[${level}] ${message}`) } },
  logsTimesInMilliseconds: {
    fails: "O2",
    steps: {
      log(level, message) {
        const line = formatLogEntry({ level, message, time: new Date(), fields: {} });
        console.error(line.replace(/(\.\d{3})000Z/, "$1Z"));
      },
    },
  },
};
