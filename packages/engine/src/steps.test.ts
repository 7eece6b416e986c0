import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { apply, replay } from "#apply";
import { JournalMismatch } from "#apply/spine";
import { recordedStep } from "#apply/step";
import { decide, type ExecuteCommand } from "#decide";
import type { Usage } from "#directive";
import { RetryableError, TerminalError } from "#errors";
import { attemptStarted, failed, settled, stamp, stepDone } from "#interpret";
import type { EntryBody } from "#journal";
import { MAX_DEPTH } from "#json-size";
import type { RunState } from "#state";
import { accepted, planTest } from "#testing/host";
import { parseCredits } from "#totals";
import { usageOfEntry } from "#usage-of-entry";

const USAGE: Usage = { kind: "chat", inputTokens: 2, outputTokens: 3, credits: "0.00000125" };

/** The journal of a run whose node `work` takes steps. */
class Steps {
  readonly #plan;
  readonly entries;
  state: RunState;

  constructor(more: JsonObject = {}) {
    const nodes = [
      { id: "begin", type: "begin" },
      { id: "work", type: "work", ...more },
      { id: "finish", type: "finish" },
    ];
    this.#plan = planTest({ format: "millrace/1", name: "steps", nodes, edges: ["begin -> work", "work -> finish"] });
    this.entries = [accepted(this.#plan)];
    this.state = replay(this.#plan, this.entries);
    this.#settle();
  }

  get command(): ExecuteCommand {
    const command = decide(this.state).find((one) => one.do === "execute");
    assert.ok(command?.do === "execute");
    return command;
  }

  append(entry: EntryBody): void {
    const stamped = stamp(this.state, entry, 2_000);
    this.state = apply(this.state, stamped);
    this.entries.push(stamped);
    this.#settle();
  }

  begin(): ExecuteCommand {
    const { command } = this;
    const attempt = command.begun ? command.attempt + 1 : command.attempt;
    this.append(attemptStarted({ ...command, attempt }));
    return { ...command, attempt };
  }

  step(command: ExecuteCommand, name: string, usage: readonly Usage[] = []): void {
    this.append({ ...stepDone(command, name, { name }), usage });
  }

  /** As another process finds it. */
  resume(): void {
    const again = replay(this.#plan, this.entries);
    assert.deepEqual(again, this.state);
    this.state = again;
  }

  #settle(): void {
    for (;;) {
      const [first] = decide(this.state);
      if (first?.do === "record") this.append(first.entry);
      else if (first?.do === "execute" && first.node.spec.effect === "none")
        this.append(settled(this.state, first, { verb: first.node.type === "finish" ? "finish" : "continue", output: {} }, 2_000));
      else return;
    }
  }
}

test("S1 a step is recorded once, by the attempt that is under way", () => {
  const run = new Steps();
  assert.throws(() => run.append(stepDone({ ...run.command, attempt: 1 }, "1", null)), JournalMismatch);
  const command = run.begin();
  run.step(command, "1");
  assert.deepEqual(recordedStep(run.state, "work", "1"), { step: "1", output: { name: "1" }, usage: [] });
  assert.equal(recordedStep(run.state, "work", "2"), undefined);
  assert.throws(() => run.step(command, "1"), JournalMismatch);
  assert.throws(() => run.step({ ...command, attempt: 2 }, "2"), JournalMismatch);
});

test("S2 what was recorded holds for the attempt that takes over from a lost one, and for one after a failure", () => {
  const run = new Steps({ retry: { maxAttempts: 2 } });
  run.step(run.begin(), "1");
  run.resume();
  const second = run.begin();
  run.step(second, "2");
  run.append(failed(run.state, second, new RetryableError("llm_rate_limited", "later"), 2_000));
  run.append({ type: "timer-fired", path: "work", timer: "retry" });
  run.resume();
  const third = run.begin();
  assert.equal(third.attempt, 3);
  for (const name of ["1", "2"]) assert.deepEqual(recordedStep(run.state, "work", name)?.output, { name });
  run.append(settled(run.state, third, { verb: "continue", output: {} }, 2_000));
  assert.equal(run.state.finished?.status, "SUCCEED");
  assert.equal(
    run.state.root.nodes.chunks.flat().every(({ steps }) => steps === null),
    true,
  );
  run.resume();
});

test("S2 a node that failed for good has forgotten its steps, whatever its onError says", () => {
  for (const onError of [{ do: "continue" }, { do: "default", output: {} }]) {
    const run = new Steps({ onError });
    const command = run.begin();
    run.step(command, "1");
    run.append(failed(run.state, command, new TerminalError("llm_auth", "no"), 2_000));
    assert.equal(run.state.finished?.status, "SUCCEED");
    assert.equal(
      run.state.root.nodes.chunks.flat().every(({ steps }) => steps === null),
      true,
    );
  }
});

test("what a step paid for counts once, with its entry, and is the attempt's", () => {
  const run = new Steps();
  const command = run.begin();
  run.step(command, "1", [USAGE]);
  run.step(command, "2", [USAGE, USAGE]);
  run.append(settled(run.state, command, { verb: "continue", output: {}, usage: [USAGE] }, 2_000));
  assert.deepEqual([run.state.totals.credits, run.state.totals.tokens], [4n * parseCredits(USAGE.credits), 20]);
  assert.deepEqual(
    run.entries.flatMap(usageOfEntry).map(({ path, attempt, usage }) => [path, attempt, usage.length]),
    [
      ["work", 1, 1],
      ["work", 1, 2],
      ["work", 1, 1],
    ],
  );
});

test("a step's output is nested as deep as a result may be, and not one level more", () => {
  const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  const run = new Steps();
  const command = run.begin();
  run.append(stepDone(command, "1", nested(MAX_DEPTH)));
  assert.throws(() => stepDone(command, "2", nested(MAX_DEPTH + 1)), { type: "limit_exceeded" });
});
