import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import type { Check, Effort } from "./frame/check.ts";

// Before anything else is loaded: forty checks load much the same.
enableCompileCache();
const { runCheck } = await import("./frame/run.ts");
const { closeEngine } = await import("./forms/forms.ts");
const { useBuild } = await import("./harness/server-process.ts");

// One check in a process of its own, on the server that was built before: `node one-check.ts ID EFFORT`, JSON. Sends its result to the process that started it.

/** Linux counts it in hundredths of a second, whatever the kernel's own clock is. */
const TICK_MS = 10;

const [id = "", effort = "{}"] = process.argv.slice(2);
useBuild();
const name = id.toLowerCase();
const { [name]: check } = (await import(`./checks/${name}.ts`)) as { readonly [name: string]: Check };
if (!check) throw new Error(`./checks/${name}.ts has no check "${name}"`);
const result = await runCheck(check, JSON.parse(effort) as Effort);
await closeEngine();
process.send?.({ ...result, ...cpu() }, () => process.exit(0));

/** Of this process and all that it started and saw end; only Linux tells of those. */
function cpu(): { cpuMs?: number } {
  if (process.platform !== "linux") return {};
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15);
  return { cpuMs: fields.reduce((ticks, field) => ticks + Number(field), 0) * TICK_MS };
}
