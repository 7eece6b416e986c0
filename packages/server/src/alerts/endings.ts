import { setImmediate } from "node:timers/promises";
import { type AlertStore, CLASSES_PER_OCTAVE } from "#store/alert-store";
import type { Period } from "#store/usage-store";

/** A run that took longer between its acceptance and its end is not seen by rules about ended runs. */
const LONGEST_RUN_MS = 24 * 3_600_000;

/** Acceptance times that are read in one go; between two, others have their turn. */
const SLICE_MS = 30 * 60_000;

/** How the runs of one workflow, or of all, ended in some time. */
export class Endings {
  ended = 0;
  failed = 0;
  readonly #durations = new Map<number, number>();

  add({ durationClass, ended, failed }: { readonly durationClass: number; readonly ended: number; readonly failed: number }): void {
    this.ended += ended;
    this.failed += failed;
    this.#durations.set(durationClass, (this.#durations.get(durationClass) ?? 0) + ended);
  }

  /** ms that 19 of 20 runs did not exceed: at most the true one, and at least that less 1.1 %. */
  get p95(): number {
    let seen = 0;
    for (const [of, count] of [...this.#durations].sort(([one], [other]) => one - other)) {
      seen += count;
      if (seen >= 0.95 * this.ended) return 2 ** (of / CLASSES_PER_OCTAVE) - 1;
    }
    return 0;
  }
}

/** By workflow; of all under the empty text. */
export type EndingsOf = ReadonlyMap<string, Endings>;

export async function readEndings(store: Pick<AlertStore, "endings">, tenantId: string, ended: Period): Promise<EndingsOf> {
  const all = new Map<string, Endings>();
  const endingsOf = (workflowId: string): Endings => {
    const known = all.get(workflowId) ?? new Endings();
    all.set(workflowId, known);
    return known;
  };
  for (let from = ended.from - LONGEST_RUN_MS; from < ended.to; from += SLICE_MS) {
    const accepted = { from, to: Math.min(from + SLICE_MS, ended.to) };
    for (const tally of await store.endings(tenantId, accepted, ended)) for (const id of [tally.workflowId, ""]) endingsOf(id).add(tally);
    await setImmediate();
  }
  return all;
}
