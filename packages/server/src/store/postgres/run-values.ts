import type { Json } from "@millrace/contract";
import type { Pool } from "pg";
import { blobOf } from "#store/journal/content";
import { putTogether } from "#store/journal/decode";
import { takenApart } from "#store/journal/large-values";
import type { PlacedBlob } from "#store/journal/segment";
import { storeError } from "#store/postgres/failure";
import { runSteps } from "#store/postgres/run-steps";
import type { RunValueStore, SetApart } from "#store/shared-store";
import type { Blobs } from "#store/sql/blobs";
import { run } from "#store/sql/steps";

// The row that says so comes first: no sweep takes the value between the two.
const NEED = "INSERT INTO run_values (tenant_id, run_id, sha256) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

export class PostgresRunValues implements RunValueStore {
  readonly #pool: Pool;
  readonly #blobs: Blobs;

  constructor(pool: Pool, blobs: Blobs) {
    this.#pool = pool;
    this.#blobs = blobs;
  }

  async setApart(tenantId: string, runId: string, whole: Json): Promise<SetApart | null> {
    const apart = takenApart(whole);
    if (!apart) return null;
    const blobs: PlacedBlob[] = [];
    for (const { at, value } of apart.large) {
      const blob = blobOf(value);
      await this.#need(tenantId, runId, blob.sha256);
      await this.#blobs.keep(blob);
      blobs.push([at, blob.sha256, blob.bytes, blob.kind]);
    }
    return { value: apart.value, blobs };
  }

  putTogether({ value, blobs }: SetApart): Promise<Json> {
    return putTogether(value, blobs, (ref) => this.#blobs.read(ref));
  }

  async #need(tenantId: string, runId: string, sha256: string): Promise<void> {
    try {
      await runSteps(this.#pool, run(NEED, tenantId, runId, sha256));
    } catch (error) {
      throw storeError(error);
    }
  }
}
