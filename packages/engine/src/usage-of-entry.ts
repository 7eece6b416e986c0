import type { Usage } from "#directive";
import type { Entry } from "#journal";

/** Usage of one attempt, as one entry records it. */
export interface AttemptUsage {
  readonly path: string;
  readonly attempt: number;
  readonly usage: readonly Usage[];
}

const NONE: readonly AttemptUsage[] = [];

/**
 * All that an entry says was paid for, by attempt: the entry's own first. Nothing for an entry that was taken over from another
 * run.
 */
export function usageOfEntry(entry: Entry): readonly AttemptUsage[] {
  const own = isPaid(entry) && entry.usage ? entry.usage : null;
  if (entry.reused || (own === null && entry.abandoned === undefined)) return NONE;
  // Journals from before attempts were named beside what they cost name none.
  const attempt = "attempt" in entry ? (entry.attempt ?? 1) : 1;
  const path = "path" in entry ? entry.path : "";
  return [...(own ? [{ path, attempt, usage: own }] : []), ...(entry.abandoned ?? NONE)];
}

function isPaid(entry: Entry): entry is Extract<Entry, { readonly usage?: readonly Usage[] }> {
  return entry.type === "node-finished" || entry.type === "node-failed" || entry.type === "step-recorded";
}
