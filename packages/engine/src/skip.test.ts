import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { replay } from "#apply";
import type { Entry } from "#journal";
import { reuse } from "#reuse";
import { planTest, TestRun } from "#testing/host";

/** begin → a → b → finish, and around them begin → finish: a skipped node keeps nobody from the end. */
function planOf(a: JsonObject, b: JsonObject = {}) {
  const nodes = [
    { id: "begin", type: "begin" },
    { id: "a", type: "work", ...a },
    { id: "b", type: "calc", ...b },
    { id: "finish", type: "finish", args: ["{{ a.v }}", "{{ b.v }}"] },
  ];
  return planTest({ format: "millrace/1", name: "skip", nodes, edges: ["begin -> a", "a -> b", "b -> finish", "begin -> finish"] });
}

function toEnd(run: TestRun): TestRun {
  while (run.choices > 0) run.complete(0);
  return run;
}

const told = (run: TestRun) => run.entries.flatMap((entry) => ("path" in entry ? [`${entry.type} ${entry.path}`] : []));

test("a truthy skipIf skips the node, and what only it leads to; both read as null", () => {
  const run = toEnd(new TestRun(planOf({ skipIf: "{{ begin.v > 0 }}" })));
  assert.deepEqual(run.state.finished?.output, { finish: [null, null] });
  assert.deepEqual(told(run), ["node-finished begin", "node-skipped a", "node-skipped b", "node-finished finish"]);
});

test("what is falsy does not; a constant is asked like an expression", () => {
  for (const skipIf of ["{{ begin.v < 0 }}", "{{ null }}", "{{ '' }}", "{{ 0 }}", false]) {
    assert.ok(told(toEnd(new TestRun(planOf({ skipIf })))).includes("node-finished a"), String(skipIf));
  }
  for (const skipIf of ["{{ 'no' }}", "{{ [] }}", true]) {
    assert.ok(told(toEnd(new TestRun(planOf({ skipIf })))).includes("node-skipped a"), String(skipIf));
  }
});

test("it sees the node's inputs", () => {
  const run = toEnd(new TestRun(planOf({ inputs: { twice: "{{ begin.v * 2 }}" }, skipIf: "{{ inputs.twice == begin.v * 2 }}" })));
  assert.ok(told(run).includes("node-skipped a"));
});

test("it is asked before each attempt: a node that failed may be given up", () => {
  const retry = { maxAttempts: 9, initialMs: 1_000, jitter: false };
  const planned = planOf({ failures: 9, retry, skipIf: "{{ now() >= run.startedAt + 2500 }}" });
  const run = toEnd(new TestRun(planned));
  assert.deepEqual(told(run).slice(1, -2), [
    "node-started a",
    "node-failed a",
    "timer-fired a",
    "node-started a",
    "node-failed a",
    "timer-fired a",
    "node-skipped a",
  ]);
  assert.equal(run.state.finished?.status, "SUCCEED");
});

test("one that cannot be evaluated fails the node, and onError decides", () => {
  const broken = { skipIf: "{{ begin.v.split('a') }}" };
  assert.equal(toEnd(new TestRun(planOf(broken))).state.finished?.error?.type, "expression_error");
  const { state } = toEnd(new TestRun(planOf({ ...broken, onError: { do: "default", output: { v: 7 } } })));
  assert.deepEqual([state.finished?.status, state.root.nodes.at(1)?.output], ["SUCCEED", { v: 7 }]);
});

test("a pure node and a node in a body are asked too", () => {
  assert.deepEqual(told(toEnd(new TestRun(planOf({}, { skipIf: true })))).at(-2), "node-skipped b");
  const inner = { id: "inner", type: "calc", skipIf: "{{ index == 1 }}" };
  const each = { id: "each", type: "each", items: [1, 2, 3], concurrency: 3, onItemError: "fail", collect: "{{ inner.v == null }}" };
  const nodes = [
    { id: "begin", type: "begin" },
    { ...each, body: { nodes: [inner], edges: [] } },
    { id: "finish", type: "finish", args: "{{ each.items }}" },
  ];
  const planned = planTest({ format: "millrace/1", name: "skip", nodes, edges: ["begin -> each", "each -> finish"] });
  assert.deepEqual(toEnd(new TestRun(planned)).state.finished?.output, { finish: [false, true, false] });
});

test("a retry of the run keeps what was skipped, whatever the time says by then", () => {
  const planned = planOf({ skipIf: "{{ now() < 5000 }}" });
  const source = toEnd(new TestRun(planned));
  const accepted = { ...source.state.run, runId: "retry", retryOf: "run", at: 900_000 };
  const { entries } = reuse(planned, accepted, source.entries);
  const journal: Entry[] = [accepted, ...entries];
  assert.deepEqual(toEnd(new TestRun(planned, journal)).state.finished?.output, { finish: [null, null] });
  assert.equal(replay(planned, journal).root.nodes.at(1)?.status, "skipped");
});
