import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { isRunning } from "@framewright/host";

/** A shell that runs commands one block after the other, as in one terminal: folder and variables stay. */
export class Terminal implements AsyncDisposable {
  readonly #child: ChildProcess;
  #output = "";

  /**
   * @param folder where it is opened
   * @param env its environment, all of it
   */
  constructor(folder: string, env: NodeJS.ProcessEnv) {
    // In a group of its own, so that what it runs can be ended with it.
    this.#child = spawn("bash", ["--noprofile", "--norc"], { cwd: folder, env, stdio: "pipe", detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
  }

  /** All that was shown and not taken yet. */
  get output(): string {
    return this.#output;
  }

  /** Takes what was shown, up to a position where it is given. */
  take(end = this.#output.length): string {
    const taken = this.#output.slice(0, end);
    this.#output = this.#output.slice(end);
    return taken;
  }

  /** Types lines, into the shell or into what runs in it. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /**
   * Runs commands to their end.
   *
   * @param exitCode of the last one; where it is 0, of each
   * @returns what they showed
   * @throws Error with that, when they end otherwise
   */
  async run(commands: string, exitCode = 0): Promise<string> {
    this.take();
    const done = `done: ${exitCode}\n`;
    this.type(`set ${exitCode === 0 ? "-e" : "+e"}\n${commands}\necho "done: $?"\n`);
    const failed = once(this.#child, "exit").then(([code]) => {
      throw new Error(`exit code ${code}:\n${commands}\n${this.#output}`);
    });
    failed.catch(() => {});
    while (!/^done: \d+\n$/m.test(this.#output)) {
      await Promise.race([failed, once(this.#child.stdout ?? this.#child, "data")]);
    }
    if (!this.#output.endsWith(done)) {
      throw new Error(`another exit code than ${exitCode}:\n${commands}\n${this.#output}`);
    }
    return this.take().slice(0, -done.length);
  }

  /** Ends the shell and all that runs in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined && isRunning(pid)) {
      const ended = once(this.#child, "exit");
      process.kill(-pid, "SIGTERM");
      await ended;
    }
  }
}
