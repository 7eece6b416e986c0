import { apply, begin } from "#apply";
import { decide } from "#decide";
import { stamp } from "#interpret";
import type { Entry, EntryBody, RunAccepted } from "#journal";
import { parsePath } from "#path";
import type { Plan } from "#plan/plan-types";
import { type Outcome, type RunRecord, recordOf } from "#reuse/record";
import type { Due, Frame, NodeState, RunState } from "#state";

// A retry from where a run failed. The new run gets a journal of its own, which begins with what the failed one had got done:
// U1. Every reused entry answers the state before it, as any host's would: the journal replays like another, without the source.
// U2. What had finished, failed into a branch, or was skipped keeps its result; what led to the failure, or was under way, is open again.
// U3. Nothing reused costs: usage stays with the run that paid for it. Times are new, chance is the source's.

export interface Reused {
  /** What follows run-accepted. */
  readonly entries: readonly Entry[];
  readonly state: RunState;
}

/** Takes over the results of `source`, a run of the same plan. `accepted` has the source's input and seed. */
export function reuse(plan: Plan, accepted: RunAccepted & { readonly at: number }, source: readonly Entry[]): Reused {
  const record = recordOf(plan, source);
  const rebuild = new Rebuild(begin(plan, accepted), record);
  rebuild.append({ type: "run-started" });
  rebuild.settleDue();
  for (const outcome of record.outcomes) {
    // Only where the same can fail again at once, by an expression over the time: what is left is for the driver.
    if (rebuild.state.failure) break;
    if (!fits(rebuild.state, outcome)) continue;
    rebuild.append(outcome, true);
    rebuild.settleDue();
  }
  return rebuild;
}

/** The source's outcomes, played to a new state in the order in which they came. */
class Rebuild implements Reused {
  state: RunState;
  readonly entries: Entry[] = [];
  readonly #record: RunRecord;

  constructor(state: RunState, record: RunRecord) {
    this.state = state;
    this.#record = record;
  }

  append(body: EntryBody, reused = false): void {
    const entry = stamp(this.state, body, this.state.at);
    const marked: Entry = reused ? { ...entry, reused: true } : entry;
    this.state = apply(this.state, marked);
    this.entries.push(marked);
  }

  /** What follows from the state alone, as the source recorded it where it came that far. The end is the driver's to record. */
  settleDue(): void {
    for (let due = this.state.due[0]; due && due.due !== "end"; due = this.state.due[0]) {
      const recorded = recordedFor(this.#record, due);
      if (recorded) this.append(recorded, true);
      else this.append(derived(this.state));
    }
  }
}

function recordedFor(record: RunRecord, due: Exclude<Due, { due: "end" }>): EntryBody | undefined {
  switch (due.due) {
    case "skip":
      return record.skipped.get(due.path);
    case "open":
      // A loop whose condition says no ends instead.
      return record.opened.get(`${due.path}[${due.index}]`) ?? record.settled.get(due.path);
    case "close":
      return record.closed.get(`${due.path}[${due.index}]`);
    case "complete":
    case "wake":
    case "decide":
    case "fail":
      return record.settled.get(due.path);
    default:
      return due satisfies never;
  }
}

function derived(state: RunState): EntryBody {
  const [command] = decide(state);
  if (command?.do !== "record") throw new Error("what is due is recorded before anything else");
  return command.entry;
}

/** A node takes its outcome while it is ready; one that iterates only a failure from outside (its deadline): all else follows from its items. */
function fits(state: RunState, outcome: Outcome): boolean {
  const status = statusAt(state.root, outcome.path);
  return status === "ready" || (status === "iterating" && outcome.type === "node-failed");
}

/** null: the frame of the path is not open. */
function statusAt(root: Frame, path: string): NodeState["status"] | null {
  const { steps, id } = parsePath(path);
  let frame: Frame | undefined = root;
  for (const step of steps) frame = frame && nodeIn(frame, step.id)?.iteration?.open.find((one) => one.index === step.index);
  return (frame && nodeIn(frame, id)?.status) ?? null;
}

function nodeIn(frame: Frame, id: string): NodeState | undefined {
  return frame.nodes.at(frame.graph.indexOf.get(id) ?? -1);
}
