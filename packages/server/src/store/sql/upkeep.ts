import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import { blobReferences } from "#store/sql/blob-references";
import type { Blobs } from "#store/sql/blobs";
import type { SqlDatabase } from "#store/sql/database";
import { number } from "#store/sql/rows";
import { firstIdAt } from "#store/sql/run-words";
import { all } from "#store/sql/steps";
import type { PrunePlace, PruneSlice } from "#store/sql/upkeep-verbs";
import type { Pause, Upkeep } from "#store/upkeep";

/** A value stays this long after the last run that referred to it: a backup that was begun before then may still be reading it. */
const UNREFERENCED_MS = 24 * 60 * 60 * 1_000;

const ORPHANS = `
  SELECT position FROM journal WHERE position > ? AND position <= ? AND run_id < ?
  AND NOT EXISTS (SELECT 1 FROM runs WHERE tenant_id = journal.tenant_id AND id = journal.run_id)`;

export interface UpkeepPorts {
  readonly database: SqlDatabase;
  readonly blobs: Blobs;
  readonly clock: Pick<Clock, "now">;
  /** Gives free room back; true: there is more. */
  shrink(): Promise<boolean>;
  whenFull(listener: () => void): () => void;
}

/** Keeps the store bounded. Whatever it does is done in slices; a death between two of them leaves nothing that the next time does not find. */
export class SqlUpkeep implements Upkeep {
  readonly #ports: UpkeepPorts;

  constructor(ports: UpkeepPorts) {
    this.#ports = ports;
  }

  async prune(endedBefore: number, pause: Pause): Promise<number> {
    let deleted = 0;
    let place: PrunePlace | null = { tenantId: "", runId: "", left: null };
    do {
      const slice: PruneSlice = await this.#ports.database.write("prune", [place, endedBefore, firstIdAt(endedBefore)]);
      failpoint("retention.mid");
      deleted += slice.runs;
      place = slice.next;
      // From now on their time without a reference is counted.
      await this.#ports.blobs.touch(slice.values);
    } while (place !== null && (await pause()));
    return deleted;
  }

  whenFull(listener: () => void): () => void {
    return this.#ports.whenFull(listener);
  }

  async shrink(pause: Pause): Promise<void> {
    while ((await this.#ports.shrink()) && (await pause()));
  }

  async sweep(endedBefore: number, pause: Pause): Promise<number> {
    const { database, blobs, clock } = this.#ports;
    const referenced = new Set<string>();
    for (let after = 0; ; ) {
      const slice = await database.read(blobReferences(after));
      if (slice === null) break;
      for (const hash of slice.hashes) referenced.add(hash);
      const orphans = await database.read(all(ORPHANS, after, slice.last, firstIdAt(endedBefore)));
      if (orphans.length > 0) await database.write("dropSegments", [orphans.map((row) => number(row, "position"))]);
      if (!(await pause())) return 0;
      after = slice.last;
    }
    return blobs.removeUnused(referenced, clock.now() - UNREFERENCED_MS, pause);
  }
}
