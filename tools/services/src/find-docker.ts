import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram } from "./find-program.js";

/** A Docker that can run an image. */
export interface Docker {
  /** The path of the `docker` command. */
  readonly program: string;
  /** The variables by which it finds its engine. */
  readonly env: Readonly<Record<string, string>>;
}

/** How long an engine may take to say that it is there, in ms. */
const ANSWER_MS = 10_000;

/** How long an image may take to be fetched, in ms. */
const PULL_MS = 300_000;

const run = promisify(execFile);

/**
 * The `docker` command, where its engine answers and has the image, or can fetch it.
 *
 * @returns in words why there is none
 */
export async function findDocker(image: string): Promise<Docker | string> {
  const program = await findProgram("docker");
  if (program === undefined) {
    return "there is no docker command";
  }
  const env = dockerEnvironment();
  const docker = (args: readonly string[], timeout: number) =>
    run(program, args, { env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", ...env }, timeout });
  try {
    await docker(["version", "--format", "{{.Server.Version}}"], ANSWER_MS);
  } catch (error) {
    return `Docker's engine does not answer (${reason(error)})`;
  }
  try {
    await docker(["image", "inspect", "--format", "{{.Id}}", image], ANSWER_MS).catch(() =>
      docker(["pull", "--quiet", image], PULL_MS),
    );
  } catch (error) {
    return `Docker cannot fetch the image ${image} (${reason(error)})`;
  }
  return { program, env };
}

function dockerEnvironment(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => /^(HOME|XDG_RUNTIME_DIR|DOCKER_.*)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}

/** The last line that the command wrote, or that it took too long. */
function reason(error: unknown): string {
  const [stderr, killed] =
    typeof error === "object" && error !== null ? [Reflect.get(error, "stderr"), Reflect.get(error, "killed")] : [];
  const last = typeof stderr === "string" ? stderr.trim().split("\n").at(-1) : undefined;
  return killed === true ? "it took too long" : last || String(error);
}
