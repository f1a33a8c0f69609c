import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:tls";
import { describe, expect, it } from "vitest";
import { type Certificate, createCertificate, decodeServerCert, encodeServerCert } from "../src/certificate/index.js";
import { HandshakeError } from "../src/index.js";

describe("createCertificate", () => {
  it("makes a self-signed ECDSA certificate for localhost, for clients and servers", async () => {
    const { cert, key } = await createCertificate();
    const read = new X509Certificate(cert);
    expect(read.checkHost("localhost")).toBe("localhost");
    expect(read.subject).toContain("CN=localhost");
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.ca).toBe(true);
    expect(read.keyUsage?.toSorted()).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it("is valid from just now on, for longer than any process lives", async () => {
    const { validFrom, validTo } = new X509Certificate((await createCertificate()).cert);
    const years = (date: string) => (Date.parse(date) - Date.now()) / (365 * 24 * 60 * 60 * 1_000);
    expect(years(validFrom)).toBeLessThan(0);
    expect(years(validFrom)).toBeGreaterThan(-0.001);
    expect(years(validTo)).toBeGreaterThan(20);
  });

  it("makes another one each time", async () => {
    const [a, b] = await Promise.all([createCertificate(), createCertificate()]);
    expect(a.key).not.toBe(b.key);
    expect(new X509Certificate(a.cert).serialNumber).not.toBe(new X509Certificate(b.cert).serialNumber);
  });

  it("is what both sides of mutual TLS accept, and no other", async () => {
    const [host, plugin, stranger] = await Promise.all([createCertificate(), createCertificate(), createCertificate()]);
    const server = createServer({ ...plugin, ca: host.cert, requestCert: true, rejectUnauthorized: true });
    server.on("secureConnection", (socket) => socket.end("welcome"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const greet = async (client: Certificate, ca: string): Promise<string> => {
      const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ...client, ca });
      const closed = once(socket, "close").then(() => Promise.reject(new Error("closed without a word")));
      const [data] = await Promise.race([once(socket, "data"), closed]);
      return String(data);
    };
    try {
      expect(await greet(host, plugin.cert)).toBe("welcome");
      await expect(greet(stranger, plugin.cert)).rejects.toThrow(/closed|reset|alert/i);
      await expect(greet(host, stranger.cert)).rejects.toThrow(/self.signed/i);
    } finally {
      server.close();
    }
  });
});

describe("the handshake's sixth field", () => {
  it("holds the certificate's DER in base64 without padding", async () => {
    const { cert } = await createCertificate();
    const field = encodeServerCert(cert);
    expect(field).toMatch(/^[A-Za-z0-9+/]+$/);
    expect(Buffer.from(field, "base64")).toEqual(new X509Certificate(cert).raw);
    expect(decodeServerCert(field)).toBe(cert);
  });

  it.each([
    ["certificate?", /not base64/],
    ["", /not base64/],
    ["TUlJ", /not an X\.509 certificate/],
  ])("refuses %j", (field, reason) => {
    expect(() => decodeServerCert(field)).toThrow(HandshakeError);
    expect(() => decodeServerCert(field)).toThrow(reason);
  });
});
