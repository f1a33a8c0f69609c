/**
 * Tests of a plugin without its binary: the definition is called in this process, as Grafana would. Not part of a plugin.
 *
 * @module
 */
export {
  type CompareOptions,
  expectFrame,
  FrameAssertionError,
  type FrameExpectation,
  type FramePart,
  frameDifference,
  GoldenError,
  goldenText,
  parseGolden,
} from "@framewright/data/testing";
export type { TestCallOptions } from "./in-process-call.js";
export { testApp } from "./test-app.js";
export { TestCallError } from "./test-call-error.js";
export type { TestCall, TestClient, TestResourceInit, TestStreamCall } from "./test-client.js";
export { testDataSource } from "./test-data-source.js";
export { type Moment, type TestChunk, type TestQuery, type TestQueryParams, TestQueryResult } from "./test-query.js";
export { TestQueryError } from "./test-query-error.js";
export { type AppSetup, type CallerSetup, type DataSourceSetup, testGrafanaConfig } from "./test-setup.js";
export type { TestMessage, TestPublication, TestSubscription } from "./test-stream.js";
