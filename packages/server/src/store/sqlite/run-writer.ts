import type { Entry } from "@millrace/engine";
import type { ApprovalRow } from "#store/approval-store";
import { endpointUrl, laneOf } from "#store/delivery-target";
import { StoreFull } from "#store/errors";
import { encodeSegment, type NewBlob } from "#store/journal/encode";
import { checkAcceptance, checkAppend } from "#store/run-guards";
import { approvalColumns } from "#store/sql/approval-row";
import type { TargetColumns } from "#store/sql/outbox";
import { identityColumns, sleepColumns, summaryColumns } from "#store/sql/run-columns";
import { usageColumns } from "#store/sql/usage-columns";
import type { BlobFiles } from "#store/sqlite/blob-files";
import { SqliteClaim } from "#store/sqlite/claim";
import { isFatal } from "#store/sqlite/failure";
import type { FullDisk } from "#store/sqlite/full-disk";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Beside, Change, Claim, NewRun, RunSummary, Sleep } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

export interface RunWriterPorts {
  readonly writer: Writer;
  readonly blobs: BlobFiles;
  readonly fullDisk: FullDisk;
  readonly changed: (change: Change) => void;
}

/** Writes runs: their values are encoded here, beside what made them, and the rows are the writing thread's. */
export class RunWriter {
  readonly #writer: Writer;
  readonly #blobs: BlobFiles;
  readonly #fullDisk: FullDisk;
  readonly #changed: (change: Change) => void;

  constructor({ writer, blobs, fullDisk, changed }: RunWriterPorts) {
    this.#writer = writer;
    this.#blobs = blobs;
    this.#fullDisk = fullDisk;
    this.#changed = changed;
  }

  accept(
    tenantId: string,
    run: NewRun,
    entries: readonly Entry[],
    summary: RunSummary,
    { once, webhooks = [], approvals = [] }: Beside = {},
  ): Promise<Claim> {
    if (this.#fullDisk.isFull) return Promise.reject(new StoreFull());
    const claim = new SqliteClaim(tenantId, run.id, 1);
    const write = (text: string): Promise<void> => {
      const segment = [entries.length, text] as const;
      const columns = [tenantId, run.owner, identityColumns(run), summaryColumns(summary), segment, once ?? null] as const;
      const usage = usageColumns(entries);
      if (webhooks.length === 0 && approvals.length === 0 && usage.length === 0)
        return this.#writer.write("accept", [...columns], text.length);
      const beside = [targetColumns(run, webhooks), approvals.map((row) => approvalColumns(tenantId, row)), usage] as const;
      const written = this.#writer.write("accept", [...columns, ...beside], text.length);
      return summary.endedAt === null ? written : written.then(() => this.#changed({ kind: "delivery", id: run.id }));
    };
    return this.#encoded(claim, entries, () => checkAcceptance(run, entries, summary), write).then(() => claim);
  }

  append(claim: SqliteClaim, entries: readonly Entry[], summary: RunSummary, approvals: readonly ApprovalRow[] = []): Promise<void> {
    const { tenantId, runId, fence } = claim;
    const write = (text: string): Promise<void> => {
      const segment = [entries.length, text] as const;
      const columns = [tenantId, runId, fence, summaryColumns(summary), segment] as const;
      const usage = usageColumns(entries);
      const beside = [approvals.map((row) => approvalColumns(tenantId, row)), usage] as const;
      const isPlain = approvals.length === 0 && usage.length === 0;
      const written = this.#writer.write("append", isPlain ? [...columns] : [...columns, ...beside], text.length);
      return written.then((due) => due && this.#changed({ kind: "delivery", id: runId }));
    };
    return this.#encoded(claim, entries, () => checkAppend(runId, entries, summary), write);
  }

  sleep({ tenantId, runId, fence }: SqliteClaim, sleep: Sleep): Promise<void> {
    return this.#writer.write("sleep", [tenantId, runId, fence, sleepColumns(sleep)]);
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
      if (error instanceof StoreFull) this.#fullDisk.found();
      throw error;
    }
    for (const {
      value,
      blob: { sha256, bytes, kind },
    } of blobs)
      claim.stored.add(value, { sha256, bytes, kind });
  }
}

function targetColumns({ workflowId }: NewRun, webhooks: readonly WebhookTarget[]): readonly TargetColumns[] {
  return webhooks.map(({ method, url, headers }) => [method, url, headers, endpointUrl(url), laneOf(workflowId, { url })]);
}
