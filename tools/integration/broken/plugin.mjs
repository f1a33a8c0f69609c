// Runs the base plugin, or the deviation of it that the argument names.
import { base, run } from "./base.mjs";
import { deviations } from "./deviations.mjs";

const [, , name = "none"] = process.argv;
const deviation = name === "none" ? {} : deviations[name];
if (deviation === undefined) {
  throw new Error(`there is no deviation ${name}`);
}
await run({ ...base, ...deviation.steps });
