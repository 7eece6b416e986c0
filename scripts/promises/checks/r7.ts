import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { withDatabase } from "../forms/database.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_ONE_START } from "../frame/not-on.ts";
import { calling } from "../harness/documents.ts";
import { settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { startReceiver } from "../harness/receiver.ts";
import { eachAtOnce, invoke, runIdOf, terminalAnswer } from "../harness/runs.ts";
import { until } from "../harness/until.ts";

const AT_ONCE = 64;
const SAMPLE_MS = 200;

/** Unfinished runs that nobody drives and nothing wakes. */
const ORPHANS = `
  SELECT count(*) AS count FROM runs WHERE ended_at IS NULL AND owner NOT IN (SELECT owner FROM workers)
  AND NOT EXISTS (SELECT 1 FROM sleepers WHERE sleepers.tenant_id = runs.tenant_id AND sleepers.run_id = runs.id)`;

const UNFINISHED = "SELECT count(*) AS count FROM runs WHERE ended_at IS NULL";

export const r7: Check = {
  id: "R7",
  property: "Every run that has not ended has an owner or a timer: a start takes over all of them before it takes requests",
  notOn: OF_ONE_START,
  run: (effort) => withDataDir((dataDir) => check(dataDir, effort)),
};

async function check(dataDir: string, { long }: Effort) {
  const runs = long ? 10_000 : 1_000;
  const receiver = await startReceiver();
  const settings = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}`, MILLRACE_MAX_RUNS: `${2 * runs}` });
  const first = await startMillrace(settings);
  const { key } = await first.publish(calling("owned", receiver.port));
  const accepted: string[] = [];
  await eachAtOnce(Array.from({ length: runs }), AT_ONCE, async (_, n) => {
    const answer = await invoke(first, key, { input: { n }, isAsync: true });
    if (answer.status === 200) accepted.push(runIdOf(answer));
  });
  await until("runs in flight", () => receiver.held > 0);
  await first.end("SIGKILL");
  const second = await startMillrace(settings);
  const orphans = new Tally();
  const sampling = sampleUntilEmpty(dataDir, orphans);
  receiver.release();
  const ends = new Tally();
  await eachAtOnce(accepted, AT_ONCE, async (id) => {
    const ended = await terminalAnswer(second, key, id);
    ends.add(ended.json["status"] === "SUCCEED" ? null : `${id}: ${ended.status} ${ended.text}`);
  });
  await sampling;
  await second.end("SIGTERM");
  await receiver.close();
  return {
    counts: [orphans.count("with an orphan", "samples after the start"), ends.count("not ended", "runs in flight at the kill")],
    facts: { "seconds from the start of the process until it takes requests and owns all of them": (second.readyMs / 1_000).toFixed(1) },
    failures: [...orphans.failures, ...ends.failures],
  };
}

/** Looks at the store from outside until no run is unfinished. */
async function sampleUntilEmpty(dataDir: string, orphans: Tally): Promise<void> {
  for (const until = performance.now() + 60_000; performance.now() < until; await pause(SAMPLE_MS)) {
    const [count, unfinished] = await withDatabase(dataDir, async ({ rows }) =>
      [...(await rows(ORPHANS)), ...(await rows(UNFINISHED))].map((row) => Number(row["count"])),
    );
    orphans.add(count === 0 ? null : `${count} orphans of ${unfinished} unfinished runs`);
    if (unfinished === 0) return;
  }
}
