import type { Json } from "@millrace/contract";
import type { Entry, IterateDirective } from "@millrace/engine";

/** What nodes of a run came to, by their ids; of nodes in a body, in the last item that they ran in. */
export interface BaseResults {
  readonly finished: ReadonlyMap<string, { readonly output: Json; readonly port: string | null }>;
  /** How containers began. */
  readonly begun: ReadonlyMap<string, IterateDirective>;
}

export function resultsOf(journal: readonly Entry[]): BaseResults {
  const finished = new Map<string, { readonly output: Json; readonly port: string | null }>();
  const begun = new Map<string, IterateDirective>();
  for (const entry of journal) {
    if (entry.type === "node-finished") finished.set(idOf(entry.path), { output: entry.output, port: entry.port });
    if (entry.type === "node-started" && entry.iterate) begun.set(idOf(entry.path), entry.iterate);
  }
  return { finished, begun };
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
