import { describe, expect, it } from "vitest";
import { formatHandshake, HandshakeError, parseHandshake } from "../src/index.js";

describe("formatHandshake", () => {
  it("writes six fields, the certificate empty without AutoMTLS", () => {
    const line = formatHandshake({ protocolVersion: 2, network: "unix", address: "/tmp/plugin1", serverCert: "" });
    expect(line).toBe("1|2|unix|/tmp/plugin1|grpc|");
  });

  it("writes a seventh field only for a host that asked for it", () => {
    const handshake = {
      protocolVersion: 2,
      network: "tcp",
      address: "127.0.0.1:10000",
      serverCert: "MII",
      multiplex: false,
    };
    expect(formatHandshake({ ...handshake, network: "tcp" })).toBe("1|2|tcp|127.0.0.1:10000|grpc|MII|false");
  });
});

describe("parseHandshake", () => {
  it.each([
    { protocolVersion: 2, network: "unix", address: "/tmp/plugin1", serverCert: "", multiplex: undefined },
    { protocolVersion: 2, network: "tcp", address: "127.0.0.1:10000", serverCert: "MII", multiplex: false },
  ] as const)("reads back what formatHandshake wrote: $network", (handshake) => {
    expect(parseHandshake(`${formatHandshake(handshake)}\r`)).toEqual(handshake);
  });

  it("accepts the short form of old plugins that leaves the certificate out", () => {
    expect(parseHandshake("1|2|unix|/tmp/plugin1|grpc").serverCert).toBe("");
  });

  it.each([
    ["Starting up...", /print nothing else on stdout/],
    ["2|2|unix|/tmp/x|grpc|", /core protocol version "2"/],
    ["1|two|unix|/tmp/x|grpc|", /protocol version "two"/],
    ["1|2|udp|127.0.0.1:1|grpc|", /network "udp"/],
    ["1|2|unix||grpc|", /address is empty/],
    ["1|2|unix|/tmp/x|netrpc|", /transport "netrpc"/],
    ["1|2|unix|/tmp/x", /transport "netrpc"/],
  ])("refuses %s", (line, reason) => {
    expect(() => parseHandshake(line)).toThrow(HandshakeError);
    expect(() => parseHandshake(line)).toThrow(reason);
  });

  it("keeps the error short when the line is not", () => {
    expect(() => parseHandshake("x".repeat(100_000))).toThrow(/^.{0,400}$/);
  });
});
