import type { IterateDirective } from "#directive";
import type { Entry, ItemClosed, ItemOpened, NodeFailed, NodeFinished, NodeSkipped, NodeStarted } from "#journal";
import { containerOf, prefixOf } from "#path";
import { nodeOfPath } from "#plan/node-of-path";
import type { Plan } from "#plan/plan-types";

/** What became of a node: it is done, it failed for good, its body runs, or it was skipped. */
export type Outcome = NodeFinished | NodeFailed | NodeStarted | NodeSkipped;

/** What of a run's journal holds for a retry: no attempts, no timers, and nothing of what failed the run. */
export interface RunRecord {
  /** In the order in which they came. */
  readonly outcomes: readonly Outcome[];
  /** Of nodes that are done or have failed for good, by path. */
  readonly settled: ReadonlyMap<string, NodeFinished | NodeFailed>;
  readonly skipped: ReadonlyMap<string, NodeSkipped>;
  /** By container and index: `each[3]`. */
  readonly opened: ReadonlyMap<string, ItemOpened>;
  readonly closed: ReadonlyMap<string, ItemClosed>;
}

export function recordOf(plan: Plan, source: readonly Entry[]): RunRecord {
  const reader = new RecordReader(plan, source);
  for (const [index, entry] of source.entries()) if ("path" in entry && !reader.isSuperseded(entry.path, index)) reader.note(entry);
  return reader;
}

/** The last time that a container's body was begun. */
interface Beginning {
  readonly index: number;
  readonly iterate: IterateDirective;
}

class RecordReader implements RunRecord {
  readonly outcomes: Outcome[] = [];
  readonly settled = new Map<string, NodeFinished | NodeFailed>();
  readonly skipped = new Map<string, NodeSkipped>();
  readonly opened = new Map<string, ItemOpened>();
  readonly closed = new Map<string, ItemClosed>();
  readonly #plan: Plan;
  readonly #beginnings: ReadonlyMap<string, Beginning>;

  constructor(plan: Plan, source: readonly Entry[]) {
    this.#plan = plan;
    this.#beginnings = new Map(
      source.flatMap((entry, index): [string, Beginning][] =>
        entry.type === "node-started" && entry.iterate ? [[entry.path, { index, iterate: entry.iterate }]] : [],
      ),
    );
  }

  /** A container that was tried again began anew: what its earlier attempts did holds no longer. */
  isSuperseded(path: string, index: number): boolean {
    for (let at: string | undefined = path; at !== undefined; at = containerOf(prefixOf(at))?.path) {
      if ((this.#beginnings.get(at)?.index ?? -1) > index) return true;
    }
    return false;
  }

  note(entry: Entry): void {
    switch (entry.type) {
      case "node-started":
        if (entry.iterate) this.outcomes.push(bodyOf(entry));
        break;
      case "node-finished":
        this.#settle(withoutUsage(entry));
        break;
      case "node-failed":
        if (entry.retryAt === undefined && !this.#failsRun(entry.path)) this.#settle(withoutUsage(entry));
        break;
      case "node-skipped":
        this.#skip(bodyOf(entry));
        break;
      case "item-opened":
        this.opened.set(`${entry.path}[${entry.index}]`, bodyOf(entry));
        break;
      case "item-closed":
        if (entry.how !== "failed" || !this.#failsWithItem(entry.path)) this.closed.set(`${entry.path}[${entry.index}]`, bodyOf(entry));
        break;
      default:
        break;
    }
  }

  /** Where it follows from what was before the node it is due by itself; where the node's `skipIf` said so, nothing else tells. */
  #skip(entry: NodeSkipped): void {
    this.outcomes.push(entry);
    this.skipped.set(entry.path, entry);
  }

  #settle(outcome: NodeFinished | NodeFailed): void {
    this.outcomes.push(outcome);
    this.settled.set(outcome.path, outcome);
  }

  /** Does the run fail when this node does? Not where its `onError`, or something around it, takes the failure. */
  #failsRun(path: string): boolean {
    if (nodeOfPath(this.#plan.root, path)?.onError.do !== "fail") return false;
    const container = containerOf(prefixOf(path));
    return container === null || this.#failsWithItem(container.path);
  }

  #failsWithItem(container: string): boolean {
    return this.#beginnings.get(container)?.iterate.onItemError === "fail" && this.#failsRun(container);
  }
}

/** Its time, what it left behind, and whether it was reused before, are this run's own. */
function bodyOf<E extends Entry>({ at: _at, reused: _reused, abandoned: _abandoned, ...body }: E): Omit<E, "at" | "reused" | "abandoned"> {
  return body;
}

function withoutUsage<E extends Entry & { usage?: unknown }>(entry: E): Omit<Omit<E, "at" | "reused" | "abandoned">, "usage"> {
  const { usage: _usage, ...body } = bodyOf(entry);
  return body;
}
