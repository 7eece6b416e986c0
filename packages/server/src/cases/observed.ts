import type { Json, JsonObject } from "@millrace/contract";
import { addUsage, type Entry, type LocatedError, NO_TOTALS, shortCredits, usageOfEntry } from "@millrace/engine";

/** What a run did, as its journal tells. */
export interface Observed {
  readonly status: "SUCCEED" | "FAILED";
  readonly output: JsonObject | null;
  readonly error: { readonly type: string; readonly message: string; readonly node: string | null } | null;
  /** Paths of the nodes that were done, or failed for good, in that order. */
  readonly path: readonly string[];
  readonly tokens: number;
  readonly credits: string;
  /** By path. */
  readonly nodes: ReadonlyMap<string, ObservedNode>;
  /** From start to end, of the case's time. */
  readonly runMs: number;
}

export interface ObservedNode {
  readonly status: "SUCCEED" | "FAILED" | "SKIPPED";
  readonly output: Json;
  readonly attempts: number;
}

const UNSEEN: ObservedNode = { status: "SKIPPED", output: null, attempts: 0 };

/** Of a run that has ended. */
export function observe(journal: readonly Entry[]): Observed {
  const nodes = new Map<string, ObservedNode>();
  const path: string[] = [];
  let totals = NO_TOTALS;
  for (const entry of journal) {
    for (const { usage } of usageOfEntry(entry)) totals = addUsage(totals, usage);
    const settled = follow(nodes, entry);
    if (settled !== null) path.push(settled);
  }
  const [first] = journal;
  const last = journal.at(-1);
  if (!first || last?.type !== "run-finished") throw new Error("a run that is observed has ended");
  const { status, output = null, error } = last;
  return {
    status,
    output,
    error: error ? errorOf(error) : null,
    path,
    tokens: totals.tokens,
    credits: shortCredits(totals.credits),
    nodes,
    runMs: last.at - first.at,
  };
}

function errorOf({ type, message, nodeId }: LocatedError): NonNullable<Observed["error"]> {
  return { type, message, node: nodeId ?? null };
}

/** The path of the node that is done with this entry. */
function follow(nodes: Map<string, ObservedNode>, entry: Entry): string | null {
  if (entry.type === "item-closed" || entry.type === "item-opened" || !("path" in entry) || entry.path === "") return null;
  const { path } = entry;
  const known = nodes.get(path) ?? UNSEEN;
  switch (entry.type) {
    case "node-started":
      nodes.set(path, { ...known, attempts: entry.attempt });
      return null;
    case "node-finished":
      nodes.set(path, { status: "SUCCEED", output: entry.output, attempts: Math.max(1, known.attempts) });
      return path;
    case "node-failed":
      nodes.set(path, { ...known, status: "FAILED", attempts: Math.max(entry.attempt, known.attempts) });
      return entry.retryAt === undefined ? path : null;
    case "node-skipped":
      nodes.set(path, UNSEEN);
      return null;
    default:
      return null;
  }
}
