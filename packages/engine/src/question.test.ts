import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, WorkflowNode } from "@millrace/contract";
import fc from "fast-check";
import { apply, replay } from "#apply";
import { JournalMismatch } from "#apply/spine";
import { isPaused, nextTimerAt, pauseOf } from "#pause";
import { reuse } from "#reuse";
import { accepted, planTest, TestRun } from "#testing/host";

function polling(config: { needs: Record<string, number>; ms?: number; timeoutMs?: number; onError?: object }): TestRun {
  const ports = [...Object.keys(config.needs), ...(config.ms === undefined ? [] : ["timeout"]), ...(config.onError ? ["error"] : [])];
  const ends = ports.map((port): WorkflowNode => ({ id: `to_${port}`, type: "finish", args: "{{ ask.action }}" }));
  const nodes = [{ id: "begin", type: "begin" }, { id: "ask", type: "poll", ...config }, ...ends] as WorkflowNode[];
  const edges = ["begin -> ask", ...ports.map((port) => `ask.${port} -> to_${port}`)];
  return new TestRun(planTest({ format: "millrace/1", name: "asks", nodes, edges }));
}

const ended = (run: TestRun): Json => run.state.finished?.output ?? null;
const last = (run: TestRun) => run.entries.find((entry) => entry.type === "node-finished" && entry.path === "ask");

test("Q1 the first answer takes its port, and the node's result says who gave it", () => {
  const run = polling({ needs: { approve: 1, reject: 1 } });
  assert.deepEqual([isPaused(run.state), pauseOf(run.state)?.type, pauseOf(run.state)?.question], [true, "human", 3]);
  assert.equal(run.answer("ask", "reject", "ann"), true);
  assert.deepEqual(ended(run), { to_reject: "reject" });
  assert.equal(run.answer("ask", "approve", "bob"), false);
  const { output } = last(run) as unknown as { output: { by: Json; answers: Json } };
  assert.deepEqual([output.by, output.answers], ["ann", [{ action: "reject", form: {}, comment: null, by: "ann", at: 1_000 }]]);
});

test("Q2 a person counts once; Q3 an answer counts once enough different people gave it", () => {
  const run = polling({ needs: { approve: 2, reject: 1 } });
  assert.equal(run.answer("ask", "approve", "ann"), true);
  assert.equal(run.answer("ask", "approve", "ann"), false);
  assert.deepEqual([run.state.finished, isPaused(run.state)], [null, true]);
  assert.equal(run.answer("ask", "approve", "bob"), true);
  assert.deepEqual(ended(run), { to_approve: "approve" });
});

test("one that nobody answers in time takes the port timeout; the question is closed by it", () => {
  const run = polling({ needs: { approve: 1 }, ms: 60_000 });
  assert.deepEqual([nextTimerAt(run.state), pauseOf(run.state)?.until], [61_000, 61_000]);
  run.complete(0);
  assert.deepEqual(ended(run), { to_timeout: "timeout" });
  assert.equal(run.answer("ask", "approve", "ann"), false);
});

test("an answer leaves no timer behind", () => {
  const run = polling({ needs: { approve: 1 }, ms: 60_000, timeoutMs: 1_000, onError: { do: "branch" } });
  run.answer("ask", "approve", "ann");
  assert.deepEqual([run.choices, run.state.active, ended(run)], [0, [], { to_approve: "approve" }]);
});

test("the node's own timeout fails it, and closes the question", () => {
  const run = polling({ needs: { approve: 1 }, ms: 60_000, timeoutMs: 1_000, onError: { do: "branch" } });
  run.complete(0);
  assert.deepEqual([ended(run), run.answer("ask", "approve", "ann")], [{ to_error: null }, false]);
});

test("a cancelled run takes no answer", () => {
  const run = polling({ needs: { approve: 1 } });
  run.cancel();
  assert.deepEqual([run.state.finished?.error?.type, run.answer("ask", "approve", "ann")], ["cancelled", false]);
});

test("Q1, Q2 an answer that no host makes is a journal that does not fit", () => {
  const run = polling({ needs: { approve: 2 } });
  const answer = { action: "approve", person: "ann", by: "ann", form: {}, comment: null };
  const entry = { type: "question-answered", path: "ask", answer, at: 2_000 } as const;
  const once = apply(run.state, entry);
  assert.throws(() => apply(once, entry), JournalMismatch);
  assert.throws(() => apply(run.state, { ...entry, answer: { ...answer, action: "other" } }), JournalMismatch);
  assert.throws(() => apply(run.state, { ...entry, path: "begin" }), JournalMismatch);
});

test("each item of a batch asks for itself, and the decisions stand in the order of the items", () => {
  const body = { nodes: [{ id: "ask", type: "poll", needs: { yes: 1, no: 1 } }], edges: [] };
  const each = { id: "each", type: "each", items: [0, 1, 2], concurrency: 3, onItemError: "fail", collect: "{{ ask.action }}", body };
  const nodes = [{ id: "begin", type: "begin" }, each, { id: "finish", type: "finish", args: "{{ each.items }}" }] as WorkflowNode[];
  const run = new TestRun(planTest({ format: "millrace/1", name: "b", nodes, edges: ["begin -> each", "each -> finish"] }));
  for (const [index, action] of [
    [2, "no"],
    [0, "yes"],
    [1, "yes"],
  ] as const)
    assert.equal(run.answer(`each[${index}]/ask`, action, "ann"), true);
  assert.deepEqual(ended(run), { finish: ["yes", "yes", "no"] });
});

test("a retry reuses the decision, and asks anew where there was none", () => {
  const run = polling({ needs: { approve: 2 } });
  run.answer("ask", "approve", "ann");
  const { plan } = run.state;
  const again = (entries: TestRun["entries"]) => reuse(plan, accepted(plan) as Parameters<typeof reuse>[1], entries);
  assert.equal(
    again(run.entries).entries.some(({ type }) => type === "question-answered" || type === "question-asked"),
    false,
  );
  run.answer("ask", "approve", "bob");
  const reused = again(run.entries).entries.find((entry) => entry.type === "node-finished" && entry.path === "ask");
  assert.deepEqual([reused?.reused, (reused as { port: string }).port], [true, "approve"]);
});

test("property: whoever answers in whatever order, with time running out or not, what counts is what a count by hand says", () => {
  const given = fc.record({ person: fc.constantFrom("a", "b", "c", "d"), action: fc.constantFrom("x", "y") });
  const late = fc.constant("late" as const);
  fc.assert(
    fc.property(
      fc.record({ x: fc.integer({ min: 1, max: 4 }), y: fc.integer({ min: 1, max: 3 }) }),
      fc.array(fc.oneof({ weight: 9, arbitrary: given }, late), { maxLength: 12 }),
      (needs, events) => {
        const run = polling({ needs, ms: 60_000 });
        const votes = new Map<string, string>();
        let outcome: string | null = null;
        for (const event of events) {
          if (outcome !== null) break;
          if (event === "late") {
            run.complete(0);
            outcome = "timeout";
            continue;
          }
          assert.equal(run.answer("ask", event.action, event.person), !votes.has(event.person));
          if (!votes.has(event.person)) votes.set(event.person, event.action);
          if ([...votes.values()].filter((vote) => vote === event.action).length >= needs[event.action]) outcome = event.action;
        }
        assert.deepEqual(ended(run), outcome === null ? null : { [`to_${outcome}`]: outcome });
        assert.deepEqual(replay(run.state.plan, run.entries), run.state);
      },
    ),
  );
});
