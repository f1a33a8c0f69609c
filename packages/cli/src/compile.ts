import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { hostPlatform, type Platform, platformName } from "@framewright/host";
import { bunPackageName, bunTarget, findInstalledBun } from "./bun.js";
import { Failure, messageOf } from "./failure.js";

/** One compilation. */
export interface CompileOptions {
  /** Path of Bun's executable for this machine. */
  readonly compiler: string;
  /** The plugin's folder: paths in stack traces are relative to it. */
  readonly folder: string;
  /** The module to start with, relative to `folder`. */
  readonly entry: string;
  /**
   * Where the binary is written, as an absolute path. Its last part is compiled in, so that the same input
   * makes the same bytes only under the same name.
   */
  readonly outfile: string;
  readonly platform: Platform;
  /** What the binary is to know of itself, as JSON. */
  readonly buildInfo: string;
  readonly signal?: AbortSignal;
}

/**
 * The arguments of `bun build` for one binary (https://bun.com/docs/bundler/executables).
 *
 * - `--bytecode`: parsed at build time: 39 ms to the handshake of a small plugin instead of 113.
 * - `--splitting`: what is imported on demand becomes a file of its own inside the binary, which costs nothing until then: 3 of
 *   43 ms of processor time to the handshake, with AutoMTLS, reflection and metrics on demand.
 * - Syntax and white space are made small, names are not, and the source map is inside: `error.name`, `constructor.name`
 *   and stack traces stay those of the source. It costs 1.3 of 116 MB, and no time at start that could be measured.
 * - No `.env`, bunfig.toml, tsconfig.json or package.json is read where the binary runs: Grafana starts a plugin in a folder of
 *   its choice, and what lies there must not change the plugin.
 */
function compileArguments(options: CompileOptions): string[] {
  const args = ["build", options.entry, "--compile", `--outfile=${options.outfile}`];
  args.push(`--target=${bunTarget(options.platform)}`, "--format=esm", "--bytecode", "--splitting");
  args.push("--minify-syntax", "--minify-whitespace", "--keep-names", "--sourcemap=external");
  args.push('--define=process.env.NODE_ENV="production"', "--env=disable");
  // A string literal, which the SDK reads behind `--version` and `--buildinfo`.
  args.push(`--define=FRAMEWRIGHT_BUILD_INFO=${JSON.stringify(options.buildInfo)}`);
  args.push("--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig");
  args.push("--no-compile-autoload-tsconfig", "--no-compile-autoload-package-json");
  if (platformName(options.platform) !== platformName(hostPlatform())) {
    // The runtime of another platform: from its npm package where that is installed, else Bun downloads the same package.
    const runtime = findInstalledBun(options.platform);
    if (runtime !== undefined) args.push(`--compile-executable-path=${runtime}`);
  }
  return args;
}

/**
 * Compiles a plugin's backend to one executable file. The file's folder also receives a source map.
 *
 * @returns what the compiler warned of, empty in most cases.
 * @throws Failure with the compiler's messages (file, line, column) where the source does not compile.
 * @throws the signal's reason where it was aborted.
 */
export async function compile(options: CompileOptions): Promise<string> {
  const before = await temporaryFiles(options.folder);
  try {
    return await runCompiler(options);
  } catch (error) {
    // A compiler that was stopped leaves what it was writing in its working folder.
    const after = await temporaryFiles(options.folder);
    await Promise.all(
      after.filter((name) => !before.includes(name)).map((name) => rm(join(options.folder, name), { force: true })),
    );
    throw error;
  }
}

function runCompiler(options: CompileOptions): Promise<string> {
  const { compiler, folder, platform, signal } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(compiler, compileArguments(options), {
      cwd: folder,
      env: compilerEnvironment(process.env),
      stdio: ["ignore", "ignore", "pipe"],
    });
    const stop = (): void => {
      child.kill("SIGKILL");
    };
    signal?.addEventListener("abort", stop, { once: true });
    let messages = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      messages += chunk;
    });
    child.on("error", (error) => {
      signal?.removeEventListener("abort", stop);
      reject(new Failure(`the compiler ${compiler} cannot be started: ${messageOf(error)}`));
    });
    child.on("close", (code, killedBy) => {
      signal?.removeEventListener("abort", stop);
      const text = messages.replaceAll(folder + sep, "").trim();
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve(/\bwarn(ing)?:/.test(text) ? text : "");
      else {
        const why =
          text === "" ? ` the compiler ended with ${killedBy ?? `code ${code}`} and said nothing` : `\n${text}`;
        const offline = /Failed to download/.test(text)
          ? `\nWithout a connection, install the package ${bunPackageName(platform)} of the compiler's version.`
          : "";
        reject(new Failure(`${options.entry} could not be compiled for ${platformName(platform)}:${why}${offline}`));
      }
    });
  });
}

/** The environment without what changes Bun itself, so that a build depends on the plugin and nothing else. */
function compilerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) {
    const changesBun = name.startsWith("BUN_") && !/^BUN_(INSTALL|TMPDIR$|CONFIG_REGISTRY$|CONFIG_TOKEN$)/.test(name);
    if (!changesBun && name !== "NODE_ENV" && name !== "NODE_OPTIONS" && name !== "FORCE_COLOR") kept[name] = value;
  }
  return kept;
}

async function temporaryFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^\.[0-9a-f]+-[0-9a-f]+\.bun-build$/.test(name));
}
