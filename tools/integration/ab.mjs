import { readFileSync } from "node:fs";
import { startPlugin } from "@framewright/host";

const [a, b, n = "40", env = "{}"] = process.argv.slice(2);
const sides = { base: { exe: a, env: {} }, now: { exe: b, env: JSON.parse(env) } };
const res = { base: [], now: [] },
  cpu = { base: [], now: [] },
  rss = { base: [], now: [] };
for (let i = 0; i <= Number(n); i++)
  for (const k of i % 2 ? ["base", "now"] : ["now", "base"]) {
    const p = await startPlugin({ executable: sides[k].exe, env: sides[k].env });
    const stat = readFileSync(`/proc/${p.pid}/stat`, "utf8").split(") ")[1].split(" ");
    const mem = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${p.pid}/status`, "utf8"))[1]) / 1024;
    if (i) {
      res[k].push(p.startMs);
      cpu[k].push((Number(stat[11]) + Number(stat[12])) * 10);
      rss[k].push(mem);
    }
    await p[Symbol.asyncDispose]();
  }
const q = (v, p) => v.sort((x, y) => x - y)[Math.floor(v.length * p)].toFixed(1);
for (const k of ["base", "now"])
  console.log(
    k.padEnd(5),
    "wall ms min",
    q(res[k], 0),
    "q1",
    q(res[k], 0.25),
    "median",
    q(res[k], 0.5),
    "| cpu ms mean",
    (cpu[k].reduce((x, y) => x + y) / cpu[k].length).toFixed(1),
    "| rss MB",
    q(rss[k], 0.5),
  );
