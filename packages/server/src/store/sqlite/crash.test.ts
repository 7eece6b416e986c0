import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DataDirInUse } from "#store/errors";
import { type Line, startChild } from "#store/sqlite/testing/child";
import { inDirectory, openStore } from "#store/sqlite/testing/directory";
import { OWNER, TENANT } from "#store/testing/fixture";
import { acceptRunning, finished, newRun, SUCCEEDED } from "#store/testing/runs";

/** The most that the process said of each run. */
function acknowledged(lines: readonly Line[]): ReadonlyMap<string, number> {
  const entries = new Map<string, number>();
  for (const { id, entries: count } of lines) if (typeof id === "string" && typeof count === "number") entries.set(id, count);
  return entries;
}

/** After a death: everything acknowledged is there and verifies, every unfinished run is taken over, and all of them end. */
async function checkAndHeal(dataDir: string, lines: readonly Line[]): Promise<{ readonly runs: number; readonly acknowledged: number }> {
  const store = await openStore({ dataDir, owner: OWNER });
  const acks = acknowledged(lines);
  for (const [id, count] of acks) {
    const journal = await store.runs.journal(TENANT, id);
    assert.ok(journal.length >= count, `run ${id}: ${journal.length} entries, ${count} were acknowledged`);
  }
  const rows = await store.runs.list(TENANT, { limit: 1_000 });
  for (const { id, status } of rows) {
    const journal = await store.runs.journal(TENANT, id);
    const view = await store.runs.view(TENANT, null, id);
    assert.equal(journal.at(-1)?.type === "run-finished", status === "SUCCEED", "the row follows the journal");
    assert.ok(view?.input["value"] !== null, "the input is whole");
    assert.equal(view?.output === null, status !== "SUCCEED");
  }
  const unfinished = await store.runs.countUnfinished();
  const claimed = await store.runs.takeOver(OWNER, 1_000);
  assert.equal(claimed.length, unfinished);
  for (const { claim } of claimed) await store.runs.append(claim, [finished()], SUCCEEDED);
  assert.equal(await store.runs.countUnfinished(), 0);
  await store.close();
  return { runs: rows.length, acknowledged: acks.size };
}

const WRITE_FAILPOINTS = [
  ...[1, 2, 5, 17].flatMap((hit) => [`journal.beforeCommit:kill@${hit}`, `journal.afterCommit:kill@${hit}`]),
  ...[1, 4].map((hit) => `blob.afterWrite.beforeRename:kill@${hit}`),
  "checkpoint.mid:kill@1",
];

/** All that the child was to write is acknowledged. */
const isWritten = (lines: readonly Line[]): boolean => lines.some((line) => "written" in line);

test("whatever was acknowledged is there after a death at any failpoint of a write", async (context) => {
  let acks = 0;
  for (const failpoint of WRITE_FAILPOINTS) {
    await context.test(
      failpoint,
      inDirectory(async (directory) => {
        const child = startChild(directory, "write much", failpoint);
        assert.equal(await child.ended, "SIGKILL");
        assert.ok(!isWritten(child.lines), "more was to be written");
        acks += (await checkAndHeal(directory, child.lines)).acknowledged;
      }),
    );
  }
  context.diagnostic(`${WRITE_FAILPOINTS.length} deaths, ${acks} acknowledged runs, 0 lost`);
  assert.ok(acks > 50);
});

test(
  "deaths at arbitrary moments, one after the other in the same directory, lose nothing",
  inDirectory(async (directory) => {
    const lines: Line[] = [];
    // The last ones about where the log is copied into the database.
    for (const atLine of [2, 3, 11, 40, 90, 150, 500, 520, 540]) {
      let seen = 0;
      const child = startChild(directory, "write much", "", (_line, killed) => {
        seen += 1;
        if (seen === atLine) killed.kill("SIGKILL");
      });
      assert.equal(await child.ended, "SIGKILL");
      // Runs of earlier rounds have ended since: their acknowledgements hold as well.
      lines.push(...child.lines);
      await checkAndHeal(directory, lines);
    }
  }),
);

test(
  "a death during the first migration leaves an empty database, which the next start makes new",
  inDirectory(async (directory) => {
    const child = startChild(directory, "open", "migrate.afterStep:kill@1");
    assert.equal(await child.ended, "SIGKILL");
    assert.deepEqual(child.lines, []);
    const store = await openStore({ dataDir: directory, owner: OWNER });
    await acceptRunning(store.runs, newRun());
    await store.close();
  }),
);

test(
  "a death in the checkpoint of a clean stop loses nothing",
  inDirectory(async (directory) => {
    const child = startChild(directory, "write", "checkpoint.mid:kill@1");
    assert.equal(await child.ended, "SIGKILL");
    assert.ok(isWritten(child.lines), "nothing was left but to stop");
    assert.ok(existsSync(join(directory, "running")), "the stop was not clean");
    const { runs, acknowledged: acks } = await checkAndHeal(directory, child.lines);
    assert.ok(runs > 0);
    assert.equal(acks, runs);
  }),
);

test(
  "a death between a new fence and its use leaves the runs to the next owner, under a newer fence",
  inDirectory(async (directory) => {
    const first = startChild(directory, "accept and stay");
    await first.said("staying");
    first.process.kill("SIGKILL");
    await first.ended;
    const successor = startChild(directory, "take over", "claim.afterFence:kill@1");
    assert.equal(await successor.ended, "SIGKILL");
    const store = await openStore({ dataDir: directory, owner: OWNER });
    const claimed = await store.runs.takeOver(OWNER, 10);
    assert.deepEqual(
      claimed.map(({ claim }) => claim.runId),
      first.lines.flatMap(({ id }) => (typeof id === "string" ? [id] : [])),
    );
    assert.deepEqual(
      claimed.map(({ claim }) => claim.fence),
      [3, 3, 3],
    );
    await store.close();
  }),
);

test(
  "a second process is refused while the first one lives, and let in as soon as it is dead",
  inDirectory(async (directory) => {
    const child = startChild(directory, "accept and stay");
    await child.said("staying");
    await assert.rejects(openStore({ dataDir: directory, owner: OWNER }), DataDirInUse);
    child.process.kill("SIGKILL");
    await child.ended;
    const store = await openStore({ dataDir: directory, owner: OWNER });
    assert.equal((await store.runs.list(TENANT, { limit: 10 })).length, 3);
    const other = startChild(directory, "open");
    await other.ended;
    assert.deepEqual(other.lines, [{ error: "DataDirInUse" }]);
    // The refused process has not disturbed the one that serves.
    await acceptRunning(store.runs, newRun());
    await store.close();
  }),
);
