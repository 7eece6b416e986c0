import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import { number } from "#store/sql/rows";
import { firstIdAt } from "#store/sql/run-words";
import type { BlobFiles } from "#store/sqlite/blob-files";
import { BlobReferences } from "#store/sqlite/blob-references";
import { reading } from "#store/sqlite/failure";
import type { FullDisk } from "#store/sqlite/full-disk";
import type { PrunePlace, PruneSlice } from "#store/sqlite/writer/upkeep-verbs";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Pause, Upkeep } from "#store/upkeep";

/** A value stays this long after the last run that referred to it: a backup that was begun before then may still be reading it. */
const UNREFERENCED_MS = 24 * 60 * 60 * 1_000;

export interface UpkeepPorts {
  readonly writer: Writer;
  /** A connection that cannot write. */
  readonly reader: DatabaseSync;
  readonly blobs: BlobFiles;
  readonly clock: Pick<Clock, "now">;
  readonly fullDisk: Pick<FullDisk, "whenFull">;
}

/** Keeps the store bounded. Whatever it does is done in slices; a death between two of them leaves nothing that the next time does not find. */
export class SqliteUpkeep implements Upkeep {
  readonly #ports: UpkeepPorts;
  readonly #references: BlobReferences;
  readonly #orphans: StatementSync;

  constructor(ports: UpkeepPorts) {
    this.#ports = ports;
    this.#references = new BlobReferences(ports.reader);
    this.#orphans = ports.reader.prepare(`
      SELECT position FROM journal WHERE position > ? AND position <= ? AND run_id < ?
      AND NOT EXISTS (SELECT 1 FROM runs WHERE tenant_id = journal.tenant_id AND id = journal.run_id)`);
  }

  async prune(endedBefore: number, pause: Pause): Promise<number> {
    let deleted = 0;
    let place: PrunePlace | null = { tenantId: "", runId: "", left: null };
    do {
      const slice: PruneSlice = await this.#ports.writer.write("prune", [place, endedBefore, firstIdAt(endedBefore)]);
      failpoint("retention.mid");
      deleted += slice.runs;
      place = slice.next;
      // From now on their time without a reference is counted.
      await this.#ports.blobs.touch(slice.values);
    } while (place !== null && (await pause()));
    return deleted;
  }

  whenFull(listener: () => void): () => void {
    return this.#ports.fullDisk.whenFull(listener);
  }

  async shrink(pause: Pause): Promise<void> {
    while ((await this.#ports.writer.write("shrink", [])) && (await pause()));
  }

  async sweep(endedBefore: number, pause: Pause): Promise<number> {
    const { writer, blobs, clock } = this.#ports;
    const referenced = new Set<string>();
    for (const slice of this.#references.slices()) {
      for (const hash of slice.hashes) referenced.add(hash);
      const orphans = reading(() => this.#orphans.all(slice.after, slice.last, firstIdAt(endedBefore)));
      if (orphans.length > 0) await writer.write("dropSegments", [orphans.map((row) => number(row, "position"))]);
      if (!(await pause())) return 0;
    }
    return blobs.removeUnused(referenced, clock.now() - UNREFERENCED_MS, pause);
  }
}
