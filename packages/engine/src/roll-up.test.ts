import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { apply } from "#apply";
import { decide } from "#decide";
import type { Usage } from "#directive";
import { RetryableError, TerminalError } from "#errors";
import { attemptStarted, failed, settled, stamp } from "#interpret";
import type { Entry } from "#journal";
import { failuresTo } from "#outcome/failures";
import { rollUp } from "#roll-up";
import type { RunState } from "#state";
import { planTest, TestRun } from "#testing/host";
import { addUsage, NO_TOTALS } from "#totals";

const row = fc.record({
  kind: fc.constantFrom("chat" as const, "rerank" as const),
  model: fc.constantFrom("small", "large"),
  inputTokens: fc.nat(1_000_000),
  outputTokens: fc.nat(1_000_000),
  credits: fc.bigInt({ min: 0n, max: 10n ** 20n }).map((units) => `${units / 10n ** 12n}.${String(units % 10n ** 12n).padStart(12, "0")}`),
});
const attempts = fc.array(fc.tuple(fc.boolean(), fc.array(row, { maxLength: 5 })), { maxLength: 20 });

function entryOf(done: boolean, usage: readonly Usage[]): Entry {
  if (done) return { type: "node-finished", path: "n", port: "out", output: {}, usage, at: 1 };
  const error = { type: "internal", code: 50_000, message: "m", retryable: false };
  return { type: "node-failed", path: "n", attempt: 1, error, usage, at: 1 };
}

test("R11 W10 what a run cost is rolled up exactly, over finished and failed attempts", () => {
  fc.assert(
    fc.property(attempts, (list) => {
      const exact = list.reduce((totals, [, usage]) => addUsage(totals, usage), NO_TOTALS);
      const rows = rollUp(list.map(([done, usage]) => entryOf(done, usage)));
      assert.deepEqual(addUsage(NO_TOTALS, rows), exact);
      assert.ok(rows.length <= 4, "one row a kind and model");
    }),
  );
});

const USAGE: Usage = { kind: "chat", inputTokens: 2, outputTokens: 3, credits: "0.00000125" };

/** A run whose node `call` is to be executed. */
function calling() {
  const nodes = [
    { id: "begin", type: "begin" },
    { id: "call", type: "work", retry: { maxAttempts: 2 } },
    { id: "finish", type: "finish" },
  ];
  const planned = planTest({ format: "millrace/1", name: "calling", nodes, edges: ["begin -> call", "call -> finish"] });
  const { state } = new TestRun(planned);
  const command = decide(state).find((one) => one.do === "execute");
  assert.ok(command?.do === "execute");
  return { state, command };
}

test("R11 what the answer or the error of an attempt cost counts once, whichever attempt it was", () => {
  const { state, command } = calling();
  const answer = { verb: "continue" as const, output: {}, usage: [USAGE] };
  assert.equal(apply(state, stamp(state, settled(state, command, answer, 0), 0)).totals.tokens, 5);
  const error = new TerminalError("code_error", "no luck", { usage: [USAGE] });
  assert.equal(apply(state, stamp(state, failed(state, command, error, 0), 0)).totals.tokens, 5);
  // An attempt that a crash took has no entry but its beginning.
  const again = { ...command, attempt: command.attempt + 1 };
  const resumed = apply(state, stamp(state, attemptStarted(again), 0));
  assert.equal(apply(resumed, stamp(resumed, settled(resumed, again, answer, 0), 0)).totals.tokens, 5);
});

test("the failures of a step change with a recorded failure, of the step or of a container around it, and with nothing else", () => {
  const { state, command } = calling();
  assert.equal(failuresTo(state, "call"), "0");
  const resumed = apply(state, stamp(state, attemptStarted({ ...command, attempt: 2 }), 0));
  assert.equal(failuresTo(resumed, "call"), "0");
  const retrying = apply(state, stamp(state, failed(state, command, new RetryableError("http_503", "m"), 0), 0));
  assert.equal(failuresTo(retrying, "call"), "1");
  assert.deepEqual(containerTries(), ["0.0", "0.1", "1.0", "1.1"]);
});

/** The failures of a node that always fails twice, in a container that does the same. */
function containerTries(): string[] {
  const inner = { id: "call", type: "work", failures: 9, retry: { maxAttempts: 2, initialMs: 1 } };
  const body = { nodes: [inner], edges: [] };
  const retry = { maxAttempts: 2, initialMs: 1, on: ["http_503"] };
  const each = { id: "each", type: "each", items: [1], concurrency: 1, onItemError: "fail", retry, body };
  const nodes = [{ id: "begin", type: "begin" }, each, { id: "finish", type: "finish" }];
  const run = new TestRun(planTest({ format: "millrace/1", name: "tries", nodes, edges: ["begin -> each", "each -> finish"] }));
  while (!run.state.finished) run.complete(0);
  const begins = (_: RunState, index: number) => run.entries[index]?.type === "node-started" && !("iterate" in (run.entries[index] ?? {}));
  return run.states.filter(begins).map((state) => failuresTo(state, "each[0]/call"));
}
