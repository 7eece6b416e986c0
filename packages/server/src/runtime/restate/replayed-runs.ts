import type { Json } from "@millrace/contract";
import { apply, jsonBytes, type Plan, type RunState, replay } from "@millrace/engine";
import type { RunStore } from "#store/store";

/** Runs whose state is kept. */
const MOST_RUNS = 64;

/** Of the journals that the states are made of, all together; of one run a quarter of it. */
const MOST_BYTES = 32 * 1_024 * 1_024;
const MOST_BYTES_OF_RUN = MOST_BYTES / 4;

export type ReadJournals = Pick<RunStore, "journal" | "journalFrom">;

interface Replayed {
  readonly state: RunState;
  /** Of its journal. */
  readonly bytes: number;
}

/** What the journals of runs that are hosted elsewhere amount to: whoever asks again reads only what has come since. */
export class ReplayedRuns {
  readonly #runs: ReadJournals;
  /** By tenant and run, those that were asked for last behind the others. */
  readonly #replayed = new Map<string, Replayed>();
  #bytes = 0;

  constructor(runs: ReadJournals) {
    this.#runs = runs;
  }

  /** As far as the journal is durable. */
  async stateOf(plan: Plan, tenantId: string, runId: string): Promise<RunState> {
    const key = `${tenantId} ${runId}`;
    const known = this.#replayed.get(key);
    const replayed = known ? await this.#further(known, tenantId, runId) : await this.#whole(plan, tenantId, runId);
    const other = this.#replayed.get(key);
    // Somebody else may have asked meanwhile, and come further.
    if (!other || other.state.seq <= replayed.state.seq) this.#keep(key, replayed);
    return replayed.state;
  }

  async #whole(plan: Plan, tenantId: string, runId: string): Promise<Replayed> {
    const entries = await this.#runs.journal(tenantId, runId);
    return { state: replay(plan, entries), bytes: bytesOf(entries) };
  }

  async #further(known: Replayed, tenantId: string, runId: string): Promise<Replayed> {
    let { state, bytes } = known;
    for await (const { entries } of this.#runs.journalFrom(tenantId, runId, state.seq)) {
      state = entries.reduce(apply, state);
      bytes += bytesOf(entries);
    }
    return { state, bytes };
  }

  #keep(key: string, replayed: Replayed): void {
    this.#forget(key);
    if (replayed.state.finished || replayed.bytes > MOST_BYTES_OF_RUN) return;
    this.#replayed.set(key, replayed);
    this.#bytes += replayed.bytes;
    for (const oldest of this.#replayed.keys()) {
      if (this.#replayed.size <= MOST_RUNS && this.#bytes <= MOST_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#replayed.get(key)?.bytes ?? 0;
    this.#replayed.delete(key);
  }
}

function bytesOf(entries: readonly object[]): number {
  return jsonBytes(entries as unknown as Json, MOST_BYTES_OF_RUN);
}
