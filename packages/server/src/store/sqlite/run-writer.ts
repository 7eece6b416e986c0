import type { Entry } from "@millrace/engine";
import { encodeSegment, type NewBlob } from "#store/journal/encode";
import { checkAcceptance, checkAppend } from "#store/run-guards";
import type { BlobFiles } from "#store/sqlite/blob-files";
import { SqliteClaim } from "#store/sqlite/claim";
import { isFatal } from "#store/sqlite/failure";
import { identityColumns, summaryColumns } from "#store/sqlite/writer/run-columns";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Claim, IdempotencyKey, NewRun, RunSummary } from "#store/store";

/** Writes runs: their values are encoded here, beside what made them, and the rows are the writing thread's. */
export class RunWriter {
  readonly #writer: Writer;
  readonly #blobs: BlobFiles;

  constructor(writer: Writer, blobs: BlobFiles) {
    this.#writer = writer;
    this.#blobs = blobs;
  }

  accept(tenantId: string, run: NewRun, entries: readonly Entry[], summary: RunSummary, once?: IdempotencyKey): Promise<Claim> {
    const claim = new SqliteClaim(tenantId, run.id, 1);
    const write = (text: string): Promise<void> => {
      const segment = [entries.length, text] as const;
      const columns = [identityColumns(run), summaryColumns(summary), segment] as const;
      return this.#writer.write("accept", [tenantId, run.owner, ...columns, once ?? null], text.length);
    };
    return this.#encoded(claim, entries, () => checkAcceptance(run, entries, summary), write).then(() => claim);
  }

  append(claim: SqliteClaim, entries: readonly Entry[], summary: RunSummary): Promise<void> {
    const { tenantId, runId, fence } = claim;
    const write = (text: string): Promise<void> =>
      this.#writer.write("append", [tenantId, runId, fence, summaryColumns(summary), [entries.length, text]], text.length);
    return this.#encoded(claim, entries, () => checkAppend(runId, entries, summary), write);
  }

  /** Large values are durable before the row that refers to them is written; without any there is nothing to wait for. */
  #encoded(claim: SqliteClaim, entries: readonly Entry[], check: () => void, write: (text: string) => Promise<void>): Promise<void> {
    try {
      check();
      const { text, blobs } = encodeSegment(entries, claim.stored);
      return blobs.length === 0 ? write(text) : this.#keep(blobs, claim).then(() => write(text));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #keep(blobs: readonly NewBlob[], claim: SqliteClaim): Promise<void> {
    try {
      await Promise.all(blobs.map(({ blob }) => this.#blobs.keep(blob)));
    } catch (error) {
      if (isFatal(error)) this.#writer.fail(error);
      throw error;
    }
    for (const {
      value,
      blob: { sha256, bytes, kind },
    } of blobs)
      claim.stored.add(value, { sha256, bytes, kind });
  }
}
