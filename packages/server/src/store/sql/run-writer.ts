import type { Entry } from "@millrace/engine";
import type { ApprovalRow } from "#store/approval-store";
import { endpointUrl, laneOf } from "#store/delivery-target";
import { CommitUnknown, StoreFull } from "#store/errors";
import { encodeSegment, type NewBlob } from "#store/journal/encode";
import { checkAcceptance, checkAppend } from "#store/run-guards";
import { type ApprovalColumns, approvalColumns } from "#store/sql/approval-row";
import type { Blobs } from "#store/sql/blobs";
import type { SqlDatabase } from "#store/sql/database";
import type { TargetColumns } from "#store/sql/outbox";
import { OwnClaim } from "#store/sql/own-claim";
import { identityColumns, type SegmentColumns, type SummaryColumns, sleepColumns, summaryColumns } from "#store/sql/run-columns";
import { one } from "#store/sql/steps";
import { usageColumns } from "#store/sql/usage-columns";
import type { UsageColumns } from "#store/sql/usage-row";
import type { Beside, Claim, NewRun, RunSummary, Sleep } from "#store/store";
import type { WebhookTarget } from "#store/webhook-store";

type AppendBeside = readonly [] | readonly [approvals: readonly ApprovalColumns[], usage: readonly UsageColumns[]];
type Appended = readonly [summary: SummaryColumns, segment: SegmentColumns, ...AppendBeside];

const IS_THERE = "SELECT 1 AS there FROM runs WHERE tenant_id = ? AND id = ?";

/** In the columns of a summary. */
const ENDED_AT = 2;

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
    const identity = identityColumns(run);
    const write = async (text: string): Promise<void> => {
      const segment = [entries.length, text] as const;
      const columns = [tenantId, run.owner, identity, summaryColumns(summary), segment, once ?? null] as const;
      const usage = usageColumns(entries);
      const isPlain = webhooks.length === 0 && approvals.length === 0 && usage.length === 0;
      const beside = [targetColumns(run, webhooks), approvals.map((row) => approvalColumns(tenantId, row)), usage] as const;
      const accept = () => this.#database.write("accept", isPlain ? [...columns] : [...columns, ...beside], text.length);
      const placed = await accept().catch((error: unknown) => this.#acceptedOrAgain(tenantId, run.id, error, accept));
      if (placed) claim.end = [identity, entries.length, placed[0], placed[0], placed[1], webhooks.length];
      if (!isPlain && summary.endedAt !== null) this.#database.changed({ kind: "delivery", id: run.id });
    };
    return this.#encoded(claim, entries, () => checkAcceptance(run, entries, summary), write).then(() => claim);
  }

  /** Where nobody knows whether the run was accepted, there is a run of its id, or none. */
  async #acceptedOrAgain<T>(tenantId: string, runId: string, error: unknown, accept: () => Promise<T>): Promise<T | undefined> {
    if (!(error instanceof CommitUnknown)) throw error;
    return (await this.#database.read(one(IS_THERE, tenantId, runId))) ? undefined : accept();
  }

  append(claim: OwnClaim, entries: readonly Entry[], summary: RunSummary, approvals: readonly ApprovalRow[] = []): Promise<void> {
    const { tenantId, runId } = claim;
    const write = async (text: string): Promise<void> => {
      const usage = usageColumns(entries);
      const isPlain = approvals.length === 0 && usage.length === 0;
      const beside: AppendBeside = isPlain ? [] : [approvals.map((row) => approvalColumns(tenantId, row)), usage];
      const appended = [summaryColumns(summary), [entries.length, text], ...beside] as const;
      const isDue = (await this.#extend(claim, appended)) ?? (await this.#append(claim, appended));
      if (isDue) this.#database.changed({ kind: "delivery", id: runId });
    };
    return this.#encoded(claim, entries, () => checkAppend(runId, entries, summary), write);
  }

  /** Behind the end that the claim knows; null: it knows none, or the run is no longer its. */
  async #extend(claim: OwnClaim, appended: Appended): Promise<boolean | null> {
    const { end, tenantId, fence, isHosted } = claim;
    if (!end) return null;
    // What becomes of a write that fails is known to the store alone.
    claim.end = null;
    const [summary, [count, text]] = appended;
    const placed = await this.#database.write("extend", [tenantId, fence, isHosted, end, ...appended], text.length);
    if (!placed) return null;
    const [identity, seq, first, , , webhooks] = end;
    claim.end = [identity, seq + count, first, ...placed, webhooks];
    return webhooks > 0 && summary[ENDED_AT] !== null;
  }

  async #append({ tenantId, runId, fence }: OwnClaim, appended: Appended): Promise<boolean> {
    const [, [, text]] = appended;
    return (await this.#database.write("append", [tenantId, runId, fence, ...appended], text.length)) === true;
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
