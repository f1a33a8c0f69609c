// A host for the tests to kill: connects to the plugin's socket named first and calls with the JSON named second, an object
// of method path and request bytes in base64 for each call. Prints a line once all are on their way.
import { Client, credentials, Metadata } from "@grpc/grpc-js";

const [address = "", calls = "[]"] = process.argv.slice(2);
const client = new Client(`unix:${address}`, credentials.createInsecure());
for (const { path, request } of JSON.parse(calls)) {
  const call = client.makeServerStreamRequest(
    path,
    (/** @type {Buffer} */ bytes) => bytes,
    (bytes) => bytes,
    Buffer.from(request, "base64"),
    new Metadata(),
  );
  call.on("error", () => {});
  call.resume();
}
setTimeout(() => console.log("calling"), 200);
setTimeout(() => {}, 60_000);
