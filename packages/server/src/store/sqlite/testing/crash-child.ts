// A process that a test kills: `crash-child.ts <data directory> <what to do>`. Each line that it prints is true when it is printed.
import { writeSync } from "node:fs";
import { join } from "node:path";
import { backUp } from "#store/sqlite/backup/back-up";
import { restore } from "#store/sqlite/backup/restore";
import { openSqliteStore } from "#store/sqlite/open";
import type { Store } from "#store/store";
import { AT, acceptRunning, finished, newRun, nodeFinished, RUNNING, SUCCEEDED } from "#store/testing/runs";

const RUNS = 60;
/** Fill the log up to a checkpoint several times over: whoever writes them is killed before the end, however late the copying is. */
const MANY_RUNS = 4_000;
const AT_ONCE = 4;
/** Stays in the journal. */
const INLINE = "i".repeat(40_000);
/** Does not: a file. */
const LARGE = "l".repeat(100_000);

const [dataDir = "", scenario = ""] = process.argv.slice(2);

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function writeRuns(store: Store, count: number): Promise<void> {
  const runs = Array.from({ length: count }, () => newRun());
  const work = async (): Promise<void> => {
    for (let run = runs.shift(); run; run = runs.shift()) {
      const value = runs.length % 3 === 0 ? `${LARGE}${run.id}` : INLINE;
      const claim = await acceptRunning(store.runs, run, { value });
      say({ id: run.id, entries: 2 });
      await store.runs.append(claim, [nodeFinished("a", { value, own: run.id })], RUNNING);
      say({ id: run.id, entries: 3 });
      await store.runs.append(claim, [finished({ value })], SUCCEEDED);
      say({ id: run.id, entries: 4 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  say({ written: count });
}

async function takeOver(store: Store): Promise<void> {
  for (const { claim, entries } of await store.runs.takeOver("successor", 3))
    say({ id: claim.runId, fence: claim.fence, entries: entries.length });
}

/** A run whose journal is too long for one slice. */
async function prune(store: Store): Promise<void> {
  const claim = await acceptRunning(store.runs, newRun());
  await Promise.all(Array.from({ length: 10_000 }, (_, index) => store.runs.append(claim, [nodeFinished(`n${index}`, index)], RUNNING)));
  await store.runs.append(claim, [finished()], SUCCEEDED);
  await store.upkeep.prune(AT + 60_000, async () => true);
}

async function acceptSome(store: Store): Promise<void> {
  for (let count = 0; count < 3; count++) {
    const run = newRun();
    await acceptRunning(store.runs, run);
    say({ id: run.id, entries: 2 });
  }
}

/** Of the data in `data`, as `b.tgz`, back into `restored`. */
async function withBackup(directory: string): Promise<void> {
  const file = join(directory, "b.tgz");
  if (scenario === "back up") await backUp({ dataDir: join(directory, "data"), file, version: "0.0.0-test", now: 1 });
  else await restore({ file, target: join(directory, "restored"), overwrite: true, now: 1 });
  process.exit(0);
}

try {
  if (scenario === "back up" || scenario === "restore") await withBackup(dataDir);
  const store = await openSqliteStore({ dataDir, owner: "child" });
  say({ opened: true });
  if (scenario === "write") await writeRuns(store, RUNS);
  if (scenario === "write much") await writeRuns(store, MANY_RUNS);
  if (scenario === "take over") await takeOver(store);
  if (scenario === "prune") await prune(store);
  if (scenario === "accept and stay") await acceptSome(store);
  if (scenario.endsWith("stay")) {
    say({ staying: true });
    setInterval(() => undefined, 60_000);
  } else {
    await store.close();
    say({ closed: true });
  }
} catch (error) {
  say({ error: error instanceof Error ? error.name : String(error) });
}
