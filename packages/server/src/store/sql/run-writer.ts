import type { Entry } from "@millrace/engine";
import type { ApprovalRow } from "#store/approval-store";
import { endpointUrl, laneOf } from "#store/delivery-target";
import { StoreFull } from "#store/errors";
import { encodeSegment, type NewBlob } from "#store/journal/encode";
import { checkAcceptance, checkAppend } from "#store/run-guards";
import { approvalColumns } from "#store/sql/approval-row";
import type { Blobs } from "#store/sql/blobs";
import type { SqlDatabase } from "#store/sql/database";
import type { TargetColumns } from "#store/sql/outbox";
import { OwnClaim } from "#store/sql/own-claim";
import { identityColumns, sleepColumns, summaryColumns } from "#store/sql/run-columns";
import { usageColumns } from "#store/sql/usage-columns";
import type { Beside, Claim, NewRun, RunSummary, Sleep } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

/** The room for what is written. */
export interface Room {
  readonly isFull: boolean;
  /** A large value could not be kept: there is no room, or worse. */
  refused(error: unknown): void;
}

export interface RunWriterPorts {
  readonly database: SqlDatabase;
  readonly blobs: Blobs;
  readonly room: Room;
}

/** Writes runs: their values are encoded here, beside what made them, and the rows are those of the verbs. */
export class RunWriter {
  readonly #database: SqlDatabase;
  readonly #blobs: Blobs;
  readonly #room: Room;

  constructor({ database, blobs, room }: RunWriterPorts) {
    this.#database = database;
    this.#blobs = blobs;
    this.#room = room;
  }

  accept(
    tenantId: string,
    run: NewRun,
    entries: readonly Entry[],
    summary: RunSummary,
    { once, webhooks = [], approvals = [] }: Beside = {},
  ): Promise<Claim> {
    if (this.#room.isFull) return Promise.reject(new StoreFull());
    const claim = new OwnClaim(tenantId, run.id, 1);
    const write = (text: string): Promise<void> => {
      const segment = [entries.length, text] as const;
      const columns = [tenantId, run.owner, identityColumns(run), summaryColumns(summary), segment, once ?? null] as const;
      const usage = usageColumns(entries);
      if (webhooks.length === 0 && approvals.length === 0 && usage.length === 0)
        return this.#database.write("accept", [...columns], text.length);
      const beside = [targetColumns(run, webhooks), approvals.map((row) => approvalColumns(tenantId, row)), usage] as const;
      const written = this.#database.write("accept", [...columns, ...beside], text.length);
      return summary.endedAt === null ? written : written.then(() => this.#database.changed({ kind: "delivery", id: run.id }));
    };
    return this.#encoded(claim, entries, () => checkAcceptance(run, entries, summary), write).then(() => claim);
  }

  append(claim: OwnClaim, entries: readonly Entry[], summary: RunSummary, approvals: readonly ApprovalRow[] = []): Promise<void> {
    const { tenantId, runId, fence } = claim;
    const write = (text: string): Promise<void> => {
      const segment = [entries.length, text] as const;
      const columns = [tenantId, runId, fence, summaryColumns(summary), segment] as const;
      const usage = usageColumns(entries);
      const beside = [approvals.map((row) => approvalColumns(tenantId, row)), usage] as const;
      const isPlain = approvals.length === 0 && usage.length === 0;
      const written = this.#database.write("append", isPlain ? [...columns] : [...columns, ...beside], text.length);
      return written.then((due) => due && this.#database.changed({ kind: "delivery", id: runId }));
    };
    return this.#encoded(claim, entries, () => checkAppend(runId, entries, summary), write);
  }

  sleep({ tenantId, runId, fence }: OwnClaim, sleep: Sleep): Promise<void> {
    return this.#database.write("sleep", [tenantId, runId, fence, sleepColumns(sleep)]);
  }

  /** Large values are durable before the row that refers to them is written; without any there is nothing to wait for. */
  #encoded(claim: OwnClaim, entries: readonly Entry[], check: () => void, write: (text: string) => Promise<void>): Promise<void> {
    try {
      check();
      const { text, blobs } = encodeSegment(entries, claim.stored);
      return blobs.length === 0 ? write(text) : this.#keep(blobs, claim).then(() => write(text));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #keep(blobs: readonly NewBlob[], claim: OwnClaim): Promise<void> {
    try {
      await Promise.all(blobs.map(({ blob }) => this.#blobs.keep(blob)));
    } catch (error) {
      this.#room.refused(error);
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
