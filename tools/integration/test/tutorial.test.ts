import { once } from "node:events";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../src/temporary-folder.js";
import { Terminal } from "../src/terminal.js";
import { comparable, endOfShown, type TutorialStep, tutorialSteps } from "../src/tutorial-steps.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = new URL("../../../docs/tutorial.md", import.meta.url);

/** What a clone does not have. */
const notCloned = new Set(["node_modules", ".git", ".turbo", ".cache", ".reports", "coverage", "dist", "bin"]);

/** Copies the repository as a clone, with the packages built, which is what `npm run demo` has done by then. */
async function copyClone(clone: string): Promise<void> {
  await cp(root, clone, {
    recursive: true,
    filter(path) {
      const parts = relative(root, path).split(sep);
      const isBuilt = parts[0] === "packages" && parts[2] === "dist";
      const isCommand = parts[0] === "packages" && parts[2] === "bin";
      return isBuilt || isCommand || !parts.some((part) => notCloned.has(part));
    },
  });
  await mkdir(join(clone, ".cache"));
  await symlink(join(root, ".cache", "pnpm"), join(clone, ".cache", "pnpm"));
}

/** A user's environment: none of what pnpm and vitest tell the processes that they start, and no CI, where a lockfile is fixed. */
function userEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm|pnpm|vitest|CI$|NODE_ENV$|FORCE_COLOR$)/i.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: "1", npm_config_prefer_offline: "true" };
}

test("the tutorial does what it says, step by step", { timeout: 240_000 }, async () => {
  await using folder = await temporaryFolder();
  const clone = join(folder.path, "framewright");
  await copyClone(clone);
  await using terminals = new Terminals(clone);
  // The one thing that is not as on the page: its port may be taken here.
  const steps = tutorialSteps((await readFile(page, "utf8")).replaceAll("8090", String(await freePort())));
  // What the copy stands for.
  expect(steps[0]).toMatchObject({ kind: "running", terminal: "once", text: "npm run demo\n" });
  for (const step of steps.slice(1)) {
    await doStep(step, terminals, clone);
  }
});

async function doStep(step: TutorialStep, terminals: Terminals, clone: string): Promise<void> {
  const where = `docs/tutorial.md:${step.line}`;
  switch (step.kind) {
    case "file": {
      const path = join(clone, step.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, step.text);
      break;
    }
    case "commands":
      terminals.shown = await terminals.first.run(step.text, step.exitCode);
      break;
    case "running":
    case "typed":
      terminals.of(step.terminal).type(step.text);
      break;
    case "output":
      if (step.terminal === undefined) {
        expect(endOfShown(terminals.shown, step.text), mismatch(where, terminals.shown, step.text)).toBeDefined();
      } else {
        await waitForOutput(where, terminals.of(step.terminal), step.text);
      }
      break;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Waits until a program that goes on running has shown a text, and takes what it showed. */
async function waitForOutput(where: string, terminal: Terminal, text: string): Promise<void> {
  await expect
    .poll(() => endOfShown(terminal.output, text) ?? mismatch(where, terminal.output, text), { timeout: 20_000 })
    .toBeTypeOf("number");
  terminal.take();
}

function mismatch(where: string, seen: string, expected: string): string {
  return `${where} shows\n\n${comparable(expected)}\nbut there was\n\n${comparable(seen)}`;
}

/** The terminals of the tutorial. All but the first one are opened in the plugin's folder. */
class Terminals implements AsyncDisposable {
  readonly #clone: string;
  readonly #named = new Map<string, Terminal>();
  readonly first: Terminal;
  /** What the last commands of the first terminal showed. */
  shown = "";

  constructor(clone: string) {
    this.#clone = clone;
    this.first = new Terminal(clone, userEnvironment());
  }

  of(name: string): Terminal {
    const terminal = this.#named.get(name) ?? new Terminal(join(this.#clone, "plugins", "weather"), userEnvironment());
    this.#named.set(name, terminal);
    return terminal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.first, ...this.#named.values()].map((terminal) => terminal[Symbol.asyncDispose]()));
  }
}
