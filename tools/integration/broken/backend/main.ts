// A plugin made by hand, without the SDK, that does everything right, or all but the one thing that its argument names.
import { base, type Steps } from "./base.js";
import { deviations } from "./deviations.js";
import { run } from "./run.js";

const name = process.argv[2] ?? "none";
const steps: Partial<Steps> | undefined = name === "none" ? {} : deviations[name]?.steps;
if (steps === undefined) {
  throw new Error(`there is no deviation ${name}`);
}
await run({ ...base, ...steps });
