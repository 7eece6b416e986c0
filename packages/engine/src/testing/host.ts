import type { Json, WorkflowDocument } from "@millrace/contract";
import { apply, replay } from "#apply";
import { type Command, decide, type ExecuteCommand } from "#decide";
import { attemptStarted, failed, settled, stamp } from "#interpret";
import type { Entry, EntryBody, RunAccepted } from "#journal";
import { prepare } from "#outcome/prepare";
import { plan } from "#plan/plan";
import type { Plan } from "#plan/plan-types";
import type { RunState } from "#state";
import { TEST_NODES, TEST_SPECS } from "#testing/specs";

export function planTest(document: WorkflowDocument): Plan {
  const result = plan(document, TEST_SPECS);
  if (!result.plan) throw new Error(`the document does not plan: ${JSON.stringify(result.problems)}`);
  return result.plan;
}

export function accepted(planned: Plan, more: Partial<RunAccepted> = {}): Entry {
  const workflow = { id: "w", name: planned.name, version: "1.0.0" };
  return { type: "run-accepted", interpreter: 1, runId: "run", workflow, input: {}, userId: null, seed: "seed", at: 1_000, ...more };
}

/** Something that a host waits for: an attempt that will answer, a timer, or somebody who sends a signal. */
type Pending = Exclude<Command, { do: "record" }> | { readonly do: "signal"; readonly path: string; readonly name: string };

/** A run in virtual time, one completion at a time; which one comes next is the caller's choice. */
export class TestRun {
  state: RunState;
  readonly entries: Entry[];
  /** The state after each entry. */
  readonly states: RunState[];
  readonly #concurrency: number;
  #now: number;
  #pending: Pending[] = [];

  /** `concurrency`: attempts at once; the fewer, the more nodes wait for their turn. */
  constructor(planned: Plan, entries: readonly Entry[] = [accepted(planned)], concurrency = 32) {
    this.#concurrency = concurrency;
    this.entries = [...entries];
    this.states = entries.map((_, index) => replay(planned, entries.slice(0, index + 1)));
    const state = this.states.at(-1);
    if (!state) throw new Error("a run begins with an entry");
    this.state = state;
    this.#now = state.at;
    this.#settle();
  }

  /** Another process takes over: what was under way is lost and begins anew. */
  static resume(planned: Plan, entries: readonly Entry[]): TestRun {
    return new TestRun(planned, entries);
  }

  /** What may complete next, in a fixed order. */
  get choices(): number {
    return this.#pending.length;
  }

  /** Completes the pending operation with this index: the attempt answers, or the timer fires. */
  complete(index: number): void {
    const [operation] = this.#pending.splice(index, 1);
    if (!operation) throw new Error(`nothing is pending at ${index}`);
    if (operation.do === "wait") {
      this.#now = Math.max(this.#now, operation.until);
      this.#append({ type: "timer-fired", path: operation.path, timer: operation.timer });
    } else if (operation.do === "signal") {
      this.#append({ type: "signal-received", name: operation.name, value: operation.path });
    } else {
      this.#append(this.#execute(operation));
    }
    this.#settle();
  }

  /** Whether a node waits for it or not. */
  signal(name: string, value: Json, id?: string): void {
    this.#append({ type: "signal-received", name, value, ...(id !== undefined && { id }) });
    this.#settle();
  }

  /** False: no question is open at the path, or this person has answered it. */
  answer(path: string, action: string, person: string): boolean {
    const open = this.state.active.find((one) => one.active === "question" && one.path === path);
    if (open?.active !== "question" || open.answers.some((given) => given.person === person)) return false;
    this.#append({ type: "question-answered", path, answer: { action, person, by: person, form: {}, comment: null } });
    this.#settle();
    return true;
  }

  cancel(): void {
    this.#append({ type: "run-cancelled" });
    this.#settle();
  }

  /** Attempts that were under way at the same time, at most. */
  mostAtOnce = 0;

  #append(entry: EntryBody): void {
    const stamped = stamp(this.state, entry, this.#now);
    this.state = apply(this.state, stamped);
    this.entries.push(stamped);
    this.states.push(this.state);
  }

  /** Does what follows at once, then takes up what is new and drops what is gone. */
  #settle(): void {
    for (;;) {
      const commands = decide(this.state, { concurrency: this.#concurrency });
      const [first] = commands;
      if (first?.do === "record") this.#append(first.entry);
      else if (first?.do === "execute" && first.node.spec.effect === "none") this.#append(this.#execute(first));
      else if (!this.#start(commands)) break;
    }
  }

  #start(commands: readonly Command[]): boolean {
    const awaited = this.state.active.flatMap((one): Pending[] =>
      one.active === "signal" ? [{ do: "signal", path: one.path, name: one.name }] : [],
    );
    const wanted = new Map<string, Pending>([...commands.filter((one) => one.do !== "record"), ...awaited].map((one) => [keyOf(one), one]));
    this.#pending = this.#pending.filter((one) => wanted.has(keyOf(one)));
    const known = new Set(this.#pending.map(keyOf));
    for (const [key, command] of wanted) {
      if (known.has(key)) continue;
      if (command.do !== "execute") {
        this.#pending.push(command);
        continue;
      }
      const attempt = command.begun ? command.attempt + 1 : command.attempt;
      this.#pending.push({ ...command, attempt });
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#pending.filter((one) => one.do === "execute").length);
      this.#append(attemptStarted({ ...command, attempt }));
      return true;
    }
    // The run's own deadline is no completion that a test would wait for.
    this.#pending = this.#pending.filter((one) => one.do !== "wait" || one.path !== "");
    return false;
  }

  #execute(command: ExecuteCommand): EntryBody {
    try {
      const { config } = prepare(this.state, command.path);
      const node = TEST_NODES.get(command.node.type);
      if (!node) throw new Error(`no test node ${command.node.type}`);
      return settled(this.state, command, node.run({ path: command.path, attempt: command.attempt, config }), this.#now);
    } catch (thrown) {
      return failed(this.state, command, thrown, this.#now);
    }
  }
}

function keyOf(command: Pending): string {
  if (command.do === "signal") return `${command.path} ${command.name}`;
  return command.do === "execute" ? `${command.path}#${command.attempt}` : `${command.path} ${command.timer} ${command.until}`;
}
