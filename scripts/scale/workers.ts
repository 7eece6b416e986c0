import { type Row, report, round } from "../bench/report.ts";
import { calling } from "../promises/harness/documents.ts";
import { cpuMsOfTree } from "./cpu.ts";
import { type Form, withForm } from "./form.ts";
import { begin, outcomeOf } from "./load-runs.ts";

/**
 * Of each worker, before the clock starts: all connections are there, and V8 has compiled what runs often. With few of them the start of a
 * process is told as a cost of its runs, four times as often with four workers.
 */
const WARM_UP_RUNS = 2_000;

/** One, two and four workers with the same runs: how many a second, and what each one costs whom. */
export async function workers(runs = 6_000, effects = 5): Promise<boolean> {
  const rows: Row[] = [];
  let isWhole = true;
  for (const count of [1, 2, 4])
    isWhole =
      (await withForm({ workers: count }, async (form) => {
        const { key } = await form.api.publish(calling("chain", form.effects.port, effects));
        await outcomeOf(form, key, await begin(form, key, WARM_UP_RUNS * count));
        const before = cpuOf(form);
        const began = performance.now();
        const ids = await begin(form, key, runs);
        const { lost, duplicates } = await outcomeOf(form, key, ids);
        const seconds = (performance.now() - began) / 1_000;
        const after = cpuOf(form);
        const share = (who: "all" | "workers" | "api" | "engine" | "postgres") => round((after[who] - before[who]) / runs, 2);
        const each = after.each.map((ms, index) => round(ms - (before.each[index] ?? 0)));
        rows.push({
          workers: count,
          "runs/s": round(runs / seconds, 1),
          "CPU ms a run": share("all"),
          "of them workers": share("workers"),
          API: share("api"),
          engine: share("engine"),
          PostgreSQL: share("postgres"),
          "CPU ms of each worker": each.join(" "),
        });
        return lost + duplicates === 0;
      })) && isWhole;
  report("scale-workers", `runs of ${effects} calls outside, ${runs} of them`, rows);
  return isWhole;
}

function cpuOf(form: Form) {
  const each = form.workers.map(({ pid }) => cpuMsOfTree(pid));
  const parts = {
    workers: each.reduce((sum, ms) => sum + ms, 0),
    api: cpuMsOfTree(form.api.pid),
    engine: form.engine.reduce((sum, { pid }) => sum + cpuMsOfTree(pid), 0),
    postgres: cpuMsOfTree(form.postgres.pid),
  };
  return { ...parts, each, all: parts.workers + parts.api + parts.engine + parts.postgres };
}
