import assert from "node:assert/strict";
import { test } from "node:test";
import { RunStats } from "#runs/run-stats";
import { openSqliteStore } from "#store/sqlite/open";
import { inDirectory } from "#store/sqlite/testing/directory";
import { generateRuns } from "#store/sqlite/testing/generated-runs";

const RUNS = 1_000;
const WEEK_HOURS = 168;

test(
  "C47: hours that are over are counted once, whoever asks for them again",
  inDirectory(async (dataDir) => {
    const empty = await openSqliteStore({ dataDir, owner: "a" });
    await empty.close();
    generateRuns(dataDir, [{ workflowId: "0123456789abcdef01234567", workflowName: "news" }], RUNS);
    const store = await openSqliteStore({ dataDir, owner: "b" });
    let counted = 0;
    const runs: Pick<typeof store.runs, "tallies"> = {
      tallies: (...hour) => {
        counted += 1;
        return store.runs.tallies(...hour);
      },
    };
    const stats = new RunStats({ runs, workflows: store.workflows, clock: { now: () => Date.now() } });
    const report = await stats.report("default", 2 * WEEK_HOURS, null);
    assert.equal(report.total.runs, RUNS);
    assert.equal(report.total.failed, RUNS / 50);
    assert.ok(counted >= 2 * WEEK_HOURS);
    counted = 0;
    assert.deepEqual((await stats.report("default", 2 * WEEK_HOURS, null)).total.runs, RUNS);
    assert.ok(counted <= 3, `${counted} hours were counted again`);
    await store.close();
  }),
);
