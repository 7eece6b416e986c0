import assert from "node:assert/strict";
import { test } from "node:test";
import { type Entry, type Plan, replay } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import { ReplayedRuns } from "#runtime/restate/replayed-runs";
import { TENANT } from "#store/testing/fixture";
import { AT, accepted, finished, newRun } from "#store/testing/runs";
import { echo } from "#testing/workflows";
import { compileVersion } from "#workflows/compile-version";
import { linearPatterns } from "#workflows/linear-patterns";

const MIB = 1_048_576;

/** Journals in memory, and what was read of them. */
class Journals {
  readonly plan: Plan;
  readonly read: string[] = [];
  readonly #kept = new Map<string, Entry[]>();

  constructor() {
    const { version } = compileVersion(echo, { specs: nodeSpecs, patterns: linearPatterns, checkCode: () => [] });
    assert.ok(version);
    this.plan = version.plan;
  }

  begin(): string {
    const run = newRun();
    this.#kept.set(run.id, [accepted(run), { type: "run-started", at: AT }]);
    return run.id;
  }

  write(runId: string, ...entries: readonly Entry[]): void {
    this.#kept.get(runId)?.push(...entries);
  }

  whole(runId: string) {
    return replay(this.plan, this.#kept.get(runId) ?? []);
  }

  readonly journal = async (_tenantId: string, runId: string): Promise<readonly Entry[]> => {
    this.read.push("whole");
    return this.#kept.get(runId) ?? [];
  };

  async *journalFrom(_tenantId: string, runId: string, seq: number) {
    const entries = this.#kept.get(runId)?.slice(seq) ?? [];
    this.read.push(`${entries.length} more`);
    if (entries.length > 0) yield { seq, entries };
  }

  /** What the state was made of that the runs answer. */
  async readBy(runs: ReplayedRuns, runId: string): Promise<readonly string[]> {
    this.read.length = 0;
    assert.deepEqual(await runs.stateOf(this.plan, TENANT, runId), this.whole(runId));
    return [...this.read];
  }
}

const signal = (value = "x"): Entry => ({ type: "signal-received", name: "else", value, at: AT });

test("of a run that is asked for again only what has come since is read", async () => {
  const journals = new Journals();
  const runs = new ReplayedRuns(journals);
  const runId = journals.begin();
  assert.deepEqual(await journals.readBy(runs, runId), ["whole"]);
  assert.deepEqual(await journals.readBy(runs, runId), ["0 more"]);
  journals.write(runId, signal(), signal());
  assert.deepEqual(await journals.readBy(runs, runId), ["2 more"]);
  journals.write(runId, finished());
  assert.deepEqual(await journals.readBy(runs, runId), ["1 more"]);
  assert.deepEqual(await journals.readBy(runs, runId), ["whole"], "it has ended");
});

test("many that ask at once come to the same, and the newest state is kept", async () => {
  const journals = new Journals();
  const runs = new ReplayedRuns(journals);
  const runId = journals.begin();
  const early = runs.stateOf(journals.plan, TENANT, runId);
  journals.write(runId, signal());
  await Promise.all([early, ...Array.from({ length: 5 }, () => runs.stateOf(journals.plan, TENANT, runId))]);
  assert.deepEqual(await journals.readBy(runs, runId), ["0 more"]);
});

test("the run that was asked for longest ago is forgotten first, and a long journal is not kept", async () => {
  const journals = new Journals();
  const runs = new ReplayedRuns(journals);
  const [first = "", second = "", ...others] = Array.from({ length: 65 }, () => journals.begin());
  for (const runId of [first, second, first, ...others]) await runs.stateOf(journals.plan, TENANT, runId);
  assert.deepEqual(await journals.readBy(runs, first), ["0 more"]);
  assert.deepEqual(await journals.readBy(runs, second), ["whole"]);
  journals.write(second, signal("x".repeat(9 * MIB)));
  assert.deepEqual(await journals.readBy(runs, second), ["1 more"]);
  assert.deepEqual(await journals.readBy(runs, second), ["whole"]);
});
