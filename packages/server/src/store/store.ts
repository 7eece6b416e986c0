import type { JsonObject, RunTrigger } from "@millrace/contract";
import type { Entry, Pause } from "@millrace/engine";
import type { AlertStore } from "#store/alert-store";
import type { ApprovalRow, ApprovalStore } from "#store/approval-store";
import type { AuditStore } from "#store/audit-store";
import type { BudgetStore } from "#store/budget-store";
import type { BulkStore } from "#store/bulk-store";
import type { DevKeyStore } from "#store/dev-key-store";
import type { DraftStore, NewDraft, SaveOrigin } from "#store/draft-store";
import type { Duties } from "#store/duties";
import type { HookStore } from "#store/hook-store";
import type { LeftRun, UnstartedRun } from "#store/hosted-runs";
import type { KeyStore, NewKey } from "#store/key-store";
import type { KnowledgeStore } from "#store/knowledge-store";
import type { MemberStore } from "#store/member-store";
import type { NodeResultStore } from "#store/node-result-store";
import type { PriceStore } from "#store/price-store";
import type { RequestStore } from "#store/request-store";
import type { RunFilter } from "#store/run-filter";
import type { HistoryFilter } from "#store/run-history";
import type { RunTally } from "#store/run-tally";
import type { ScheduleStore } from "#store/schedule-store";
import type { ShareStore } from "#store/share-store";
import type { SharedStore } from "#store/shared-store";
import type { ToolStore } from "#store/tool-store";
import type { Upkeep } from "#store/upkeep";
import type { UsageStore } from "#store/usage-store";
import type { VaultStore } from "#store/vault-store";
import type { NewVersion, VersionStore } from "#store/version-store";
import type { WebhookStore, WebhookTarget } from "#store/webhook-store";

/**
 * The store seam: one interface, one test suite (testing/store.testsuite.ts), run by every implementation.
 * Every function takes the tenant first and is confined to it. A promise of a write resolves when the write is durable.
 * Times are epoch ms.
 */
export interface Store {
  readonly workflows: WorkflowStore;
  readonly drafts: DraftStore;
  readonly requests: RequestStore;
  readonly keys: KeyStore;
  readonly devKeys: DevKeyStore;
  readonly runs: RunStore;
  readonly upkeep: Upkeep;
  readonly webhooks: WebhookStore;
  readonly schedules: ScheduleStore;
  readonly hooks: HookStore;
  readonly jobs: BulkStore;
  readonly approvals: ApprovalStore;
  readonly members: MemberStore;
  readonly audit: AuditStore;
  readonly vault: VaultStore;
  readonly knowledge: KnowledgeStore;
  readonly prices: PriceStore;
  readonly usage: UsageStore;
  readonly budgets: BudgetStore;
  readonly tools: ToolStore;
  readonly nodeResults: NodeResultStore;
  readonly alerts: AlertStore;
  /** null: this process has the store for itself. */
  readonly shared: SharedStore | null;
  readonly shares: ShareStore;
  /** Tells what changed, from whichever process, so that caches can forget it. Returns the way to stop listening. */
  watch(listener: (change: Change) => void): () => void;
  /** Of the processes that share the store one at a time sees to the duties. Resolves with the way to leave them to the others. */
  lead(duties: Duties): Promise<() => Promise<void>>;
  /** What writing amounts to since the start; costs nothing to ask. */
  figures(): StoreFigures;
  /** Gives back what opening the store has left in the memory of threads of its own. */
  forgetStart(): void;
  /** Rejects with the reason when the store cannot take writes now (readiness). */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreFigures {
  readonly batches: number;
  readonly operations: number;
  readonly commitSeconds: number;
  readonly checkpoints: number;
  readonly checkpointSeconds: number;
  /** Of the write-ahead log that is not copied yet. */
  readonly logBytes: number;
}

/** With an empty id: whichever of them, for it was not heard of which. */
export type Change =
  | { readonly kind: "workflow"; readonly id: string }
  | { readonly kind: "key"; readonly id: string }
  /** Of the run or alert event with this id: a delivery became due, or was attempted. */
  | { readonly kind: "delivery"; readonly id: string }
  /** It was made, changed or seen to. */
  | { readonly kind: "schedule" | "job" | "budget" | "alert"; readonly id: string }
  /** Of the base with this id: a document is to be indexed, is further, or is gone. */
  | { readonly kind: "knowledge"; readonly id: string };

/* ---- workflows and versions ---- */

export interface WorkflowStore extends VersionStore {
  /** Rejects with `NameTaken`. The draft has revision 1. */
  create(tenantId: string, workflow: NewWorkflow): Promise<WorkflowRow>;
  /** By id or by name; deleted ones only by id, and only with `deleted`. */
  get(tenantId: string, idOrName: string, options?: { deleted?: boolean }): Promise<WorkflowRow | null>;
  /** Newest first; `cursor` is the id of the last row seen. */
  list(tenantId: string, page: WorkflowPage): Promise<readonly WorkflowRow[]>;
  /** Tags of drafts with how many have them: the `limit` most used, in the order of their texts. */
  tags(tenantId: string, limit: number): Promise<readonly TagCount[]>;
  /** Rejects with `NotFound`, `NameTaken`, or `StaleRevision` when `ifRevision` is not the draft's. Returns the new revision. */
  saveDraft(tenantId: string, id: string, draft: NewDraft): Promise<number>;
  setApiEnabled(tenantId: string, id: string, enabled: boolean, at: number): Promise<void>;
  /** The row stays for its runs; its name is free again. */
  delete(tenantId: string, id: string, at: number): Promise<void>;
}

export interface WorkflowPage {
  readonly limit: number;
  readonly cursor?: string;
  /** Only those whose draft has it. */
  readonly tag?: string;
}

export interface TagCount {
  readonly tag: string;
  readonly count: number;
}

export interface NewWorkflow extends SaveOrigin {
  /** 24 hex characters. */
  readonly id: string;
  readonly name: string;
  readonly document: JsonObject;
  readonly at: number;
  /** Absent: true. */
  readonly apiEnabled?: boolean;
  /** Kept with it as its first version, which is not live. */
  readonly version?: NewVersion;
  /** Made with it: both are there, or neither. */
  readonly key?: NewKey;
}

export interface WorkflowRow {
  readonly id: string;
  readonly name: string;
  /** The draft. */
  readonly document: JsonObject;
  readonly revision: number;
  readonly liveVersion: string | null;
  readonly apiEnabled: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | null;
}

/* ---- runs and their journals ---- */

/** Runs that do not come on. */
export interface Backlog {
  /** Unfinished runs that no process drives which is known to the store: they wait to be taken over. */
  readonly undriven: number;
  /** When the oldest run was accepted that has not begun, epoch ms; null: all have. */
  readonly unstartedSince: number | null;
}

/** The only writer of run state. */
export interface RunStore extends SuspectStore, HostedRuns {
  /**
   * Run, first entries, what they amount to and the deliveries that its end is to make due, in one transaction; the caller owns the run
   * from then on, with fence 1. Rejects with `IdempotencyKeyTaken` where another run was accepted under `once`;
   * nothing is written then.
   */
  accept(tenantId: string, run: NewRun, entries: readonly Entry[], summary: RunSummary, beside?: Beside): Promise<Claim>;
  /** The run that was accepted under the key; null: none, or it is forgotten by `now`. */
  acceptedUnder(tenantId: string, keyId: string, key: string, now: number): Promise<AcceptedUnder | null>;
  /**
   * Appends in order; the run's end makes its deliveries due, and what became of its questions is kept, in the same transaction. Rejects with `Fenced` when the claim is not the
   * newest, the run sleeps, or it is terminal; nothing is written then.
   */
  append(claim: Claim, entries: readonly Entry[], summary: RunSummary, approvals?: readonly ApprovalRow[]): Promise<void>;
  /** Puts the run to sleep: the claim ends here. Rejects with `Fenced` as an append does. */
  sleep(claim: Claim, sleep: Sleep): Promise<void>;
  /** Takes over unfinished runs whose owner is gone, oldest first: each gets a new fence. */
  takeOver(owner: string, limit: number): Promise<readonly ClaimedRun[]>;
  /** Takes runs that were accepted with the owner `HANDED`, likewise. */
  takeHanded(owner: string, limit: number): Promise<readonly ClaimedRun[]>;
  /** Takes over sleeping runs of all tenants whose time has come by `at`, soonest first. */
  wake(owner: string, at: number, limit: number): Promise<readonly ClaimedRun[]>;
  /** Takes over this run before its time; null: it does not sleep. */
  wakeOne(owner: string, tenantId: string, runId: string): Promise<ClaimedRun | null>;
  /** The unfinished runs that the owner has, by what the store knows. */
  owned(owner: string): Promise<readonly Claim[]>;
  /** Makes them nobody's, where these claims are the newest. `orphaned`: as if their owner had died. */
  giveBack(claims: readonly Claim[], how: { readonly orphaned: boolean }): Promise<void>;
  /** When the first of all sleeping runs is to be woken; null: none sleeps. */
  nextWakeAt(): Promise<number | null>;
  /** How the run sleeps; null: it does not. */
  asleep(tenantId: string, runId: string): Promise<Sleep | null>;
  /** Says that the owner lives; rejects when it was given up. Called every third of the lease. */
  renew(owner: string): Promise<void>;
  /** `workflowId` null: any of the tenant's. */
  get(tenantId: string, workflowId: string | null, runId: string): Promise<RunRow | null>;
  /** The row with the input and, once terminal, the output or the error, read from verified entries. */
  view(tenantId: string, workflowId: string | null, runId: string): Promise<RunContents | null>;
  /** Newest first; never loads values. */
  list(tenantId: string, filter: RunFilter): Promise<readonly RunRow[]>;
  /** How many the filter has, `limit` at most. */
  count(tenantId: string, filter: RunFilter): Promise<number>;
  /** How the runs went that were accepted in a time, by workflow and class of duration; those of drafts are left out. */
  tallies(tenantId: string, from: number, to: number): Promise<readonly RunTally[]>;
  /** Ended runs by when they started, with their number. */
  history(tenantId: string, filter: HistoryFilter, page: { readonly offset: number; readonly limit: number }): Promise<HistoryPage>;
  /** The last entry, verified; null: the run is not known, or has ended. Rejects with `JournalCorrupt`. */
  lastEntry(tenantId: string, runId: string): Promise<Entry | null>;
  /** All entries, verified; rejects with `JournalCorrupt`. */
  journal(tenantId: string, runId: string): Promise<readonly Entry[]>;
  /**
   * The entries from number `from` on, an append at a time and in order, verified; a long journal is never whole in memory. Rejects with
   * `JournalCorrupt`. Nothing where the run is not known, or has no such entry yet.
   */
  journalFrom(tenantId: string, runId: string, from: number): AsyncIterable<JournalPart>;
  /** Unfinished runs of all tenants: for capacity and health. */
  countUnfinished(): Promise<number>;
  /** What of all tenants' runs does not come on, of those that are not asleep. */
  backlog(): Promise<Backlog>;
}

/** What is accepted together with a run, or not at all. */
export interface Beside {
  readonly once?: IdempotencyKey | undefined;
  readonly webhooks?: readonly WebhookTarget[] | undefined;
  readonly approvals?: readonly ApprovalRow[] | undefined;
}

/** A run that does nothing but wait belongs to nobody meanwhile, and takes no memory. */
export interface Sleep {
  /** When it is to be woken, epoch ms; null: when somebody asks something of it. */
  readonly until: number | null;
  /** What its readers are told; null: it has not begun. */
  readonly pause: Pause | null;
}

/** Under which at most one run is ever accepted, until it is forgotten. */
export interface IdempotencyKey {
  /** The API key that it belongs to. */
  readonly keyId: string;
  readonly key: string;
  /** SHA-256 of what was asked for, hex: another request under the same key is a mistake. */
  readonly requestHash: string;
  /** Both epoch ms. */
  readonly at: number;
  readonly forgottenAt: number;
}

export interface AcceptedUnder {
  readonly runId: string;
  readonly requestHash: string;
}

/** The right to write one run. Its journal position moves with each append; use it for one append at a time. */
export interface Claim {
  readonly tenantId: string;
  readonly runId: string;
  readonly fence: number;
}

export interface NewRun {
  /** UUIDv7. */
  readonly id: string;
  readonly workflowId: string;
  /** At acceptance; a later rename does not change it. */
  readonly workflowName: string;
  readonly version: string;
  readonly userId: string | null;
  readonly keyId: string | null;
  /** null: a request of the run API began it. */
  readonly origin: RunOrigin | null;
  readonly owner: string;
  readonly acceptedAt: number;
}

/** What began a run, where it was not the run API. */
export interface RunOrigin {
  readonly trigger: Exclude<RunTrigger, "api">;
  /** Of the schedule, the hook, or the run that it retries or answers to; null: a person began it. */
  readonly id: string | null;
}

/** What the entries so far amount to, for lists and filters; the truth is the journal. */
export interface RunSummary {
  readonly status: "PENDING" | "RUNNING" | "SUCCEED" | "FAILED";
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** ms spent executing. */
  readonly executionMs: number;
  readonly totalCost: number;
  readonly totalTokens: number;
  readonly errorType: string | null;
}

export interface RunRow extends Omit<NewRun, "owner">, RunSummary {}

/** One page of ended runs. */
export interface HistoryPage {
  /** Of all pages. */
  readonly total: number;
  /** The last accepted first. */
  readonly rows: readonly RunRow[];
}

export interface RunContents extends RunRow {
  readonly input: JsonObject;
  readonly output: JsonObject | null;
  readonly error: {
    readonly code: number;
    readonly type: string;
    readonly message: string;
    readonly nodeId?: string;
    readonly nodeName?: string;
  } | null;
}

export interface ClaimedRun {
  readonly claim: Claim;
  readonly run: RunRow;
  readonly entries: readonly Entry[];
  /** Its owner died, and did not let it go before. */
  readonly orphaned: boolean;
}

/** What an engine that keeps its own log of a run asks of the store. */
export interface HostedRuns {
  /** Takes the run from whichever life of it had it before, under a new fence; null: it has ended, is not known, or is driven otherwise. */
  takeHosted(tenantId: string, runId: string): Promise<ClaimedRun | null>;
  /** Runs of all tenants that were accepted before this moment (epoch ms) and that no life ever had, oldest first. */
  unstartedHosted(before: number, limit: number): Promise<readonly UnstartedRun[]>;
  /** Unfinished runs of all tenants that were called by a run that has ended, oldest first. */
  leftHosted(limit: number): Promise<readonly LeftRun[]>;
}

/** A run that was under way when its process died. */
export interface Suspect {
  readonly claim: Claim;
  /** What its journal has come to: the same number as at the death before means that nothing came of the run in between. */
  readonly progress: number;
}

/** Deaths of processes, and the runs that may be to blame for them. */
export interface SuspectStore {
  /** What the owner drives is let go: however it ends from now on is no death. */
  resign(owner: string): Promise<void>;
  /**
   * Counts one more death for each; answers how many there are in a row without progress. Those with `asideFrom` of them are set aside, and
   * their claims end here. Rejects with `Fenced` when a claim is not the newest; nothing is written then.
   */
  suspect(suspects: readonly Suspect[], asideFrom: number): Promise<readonly number[]>;
  /** Takes over the oldest run that was set aside, but none with as many deaths as wait; "waiting": there are only such; null: there is none. */
  takeAside(owner: string, waiting: WaitingDeaths): Promise<SuspectedRun | "waiting" | null>;
}

/** Suspects with so many deaths in a row are not resumed yet. */
export interface WaitingDeaths {
  readonly from: number;
  readonly below: number;
}

export interface SuspectedRun extends ClaimedRun {
  /** In a row, without progress. */
  readonly deaths: number;
}

export interface JournalPart {
  /** Number of its first entry. */
  readonly seq: number;
  readonly entries: readonly Entry[];
}
