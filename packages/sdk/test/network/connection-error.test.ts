import { describe, expect, test } from "vitest";
import { DownstreamError, PluginError } from "../../src/index.js";
import { connectionError } from "../../src/network/index.js";

const failed = { address: "db:5432", clientCertificate: false };

describe("why a connection failed, in the user's words", () => {
  test.each([
    ["ENOTFOUND", 502, "the host of db:5432 is not known to the name server"],
    ["EAI_AGAIN", 502, "the name server did not answer"],
    ["ECONNREFUSED", 502, "db:5432 refuses connections"],
    ["ENOENT", 502, "there is no socket db:5432"],
    ["EACCES", 502, "Grafana's user may not use the socket"],
    ["EHOSTUNREACH", 502, "db:5432 cannot be reached"],
    ["ETIMEDOUT", 504, "db:5432 could not be connected to in time"],
    ["CERT_HAS_EXPIRED", 502, "the certificate of db:5432 has expired"],
    ["CERT_NOT_YET_VALID", 502, "is not valid yet"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", 502, "is for another name"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", 502, "is not signed by an authority that is trusted here"],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", 502, "if it asks for a client certificate, give one"],
    ["ESTRANGE", 502, "the connection to db:5432 broke: the system's words (ESTRANGE)"],
  ])("%s", (code, status, message) => {
    const cause = Object.assign(new Error("the system's words"), { code });
    expect(connectionError(cause, failed)).toMatchObject({
      source: "downstream",
      status,
      message: expect.stringContaining(message),
      cause,
    });
  });

  test("a client certificate that was refused", () => {
    const error = Object.assign(new Error("alert unknown ca"), { code: "ERR_SSL_ALERT" });
    expect(connectionError(error, { ...failed, clientCertificate: true }).message).toContain(
      "check the client certificate",
    );
  });

  test("errors that say whose fault they are stay as they are", () => {
    for (const error of [new DownstreamError("a"), new PluginError("b")]) {
      expect(connectionError(error, failed)).toBe(error);
    }
  });
});
