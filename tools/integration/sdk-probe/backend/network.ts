import { connect } from "node:net";

/** Talks to a peer that fails, in one of the ways that an author's client does. Comes to an end by an error. */
export async function failNetwork(how: "fetch" | "socket" | "timeout" | "abort", url: string): Promise<never> {
  const { hostname, port } = new URL(url);
  switch (how) {
    case "socket":
      await new Promise((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => socket.write("hello\n"));
        socket.on("error", reject).on("close", resolve);
      });
      break;
    case "timeout":
      await fetch(url, { signal: AbortSignal.timeout(50) });
      break;
    case "abort": {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      await fetch(url, { signal: controller.signal });
      break;
    }
    default:
      await (await fetch(url)).text();
  }
  throw new Error(`${url} did not fail`);
}
