import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { AlertStore } from "#store/alert-store";
import type { ApprovalStore } from "#store/approval-store";
import type { AuditStore } from "#store/audit-store";
import type { BudgetStore } from "#store/budget-store";
import type { BulkStore } from "#store/bulk-store";
import type { DevKeyStore } from "#store/dev-key-store";
import type { DraftStore } from "#store/draft-store";
import type { Duties } from "#store/duties";
import { StoreFull } from "#store/errors";
import type { HookStore } from "#store/hook-store";
import type { KeyStore } from "#store/key-store";
import type { KnowledgeStore } from "#store/knowledge-store";
import type { MemberStore } from "#store/member-store";
import type { NodeResultStore } from "#store/node-result-store";
import type { PriceStore } from "#store/price-store";
import type { RequestStore } from "#store/request-store";
import type { ScheduleStore } from "#store/schedule-store";
import type { ShareStore } from "#store/share-store";
import { SqlAlerts } from "#store/sql/alert-store";
import { SqlApprovals } from "#store/sql/approval-store";
import { SqlAudit } from "#store/sql/audit-store";
import { SqlBudgets } from "#store/sql/budget-store";
import { SqlBulkJobs } from "#store/sql/bulk-store";
import { SqlDevKeys } from "#store/sql/dev-key-store";
import { SqlDrafts } from "#store/sql/draft-store";
import { SqlHooks } from "#store/sql/hook-store";
import { JournalReader } from "#store/sql/journal-reader";
import { SqlKeys } from "#store/sql/key-store";
import { SqlKnowledge } from "#store/sql/knowledge-store";
import { SqlMembers } from "#store/sql/member-store";
import { SqlNodeResults } from "#store/sql/node-result-store";
import { SqlPrices } from "#store/sql/price-store";
import { SqlRequests } from "#store/sql/request-store";
import { RunReader } from "#store/sql/run-reader";
import { sqlRuns } from "#store/sql/run-store";
import { type Room, RunWriter } from "#store/sql/run-writer";
import { SqlSchedules } from "#store/sql/schedule-store";
import { SqlShares } from "#store/sql/share-store";
import { TakeOver } from "#store/sql/take-over";
import { SqlTools } from "#store/sql/tool-store";
import { SqlUpkeep } from "#store/sql/upkeep";
import { SqlUsage } from "#store/sql/usage-store";
import { SqlVault } from "#store/sql/vault-store";
import { SqlWebhooks } from "#store/sql/webhook-store";
import { SqlWorkflows } from "#store/sql/workflow-store";
import { BlobFiles } from "#store/sqlite/blob-files";
import { isFatal } from "#store/sqlite/failure";
import { FullDisk } from "#store/sqlite/full-disk";
import type { Reserve } from "#store/sqlite/reserve";
import { sqlDatabase } from "#store/sqlite/sql-database";
import type { WriterFigures } from "#store/sqlite/writer/figures";
import type { Channel, FromWriter, ToWriter } from "#store/sqlite/writer/protocol";
import { Writer } from "#store/sqlite/writer/writer";
import type { Change, RunStore, Store, StoreFigures, WorkflowStore } from "#store/store";
import type { ToolStore } from "#store/tool-store";
import type { Upkeep } from "#store/upkeep";
import type { UsageStore } from "#store/usage-store";
import type { VaultStore } from "#store/vault-store";
import type { WebhookStore } from "#store/webhook-store";

export interface StoreParts {
  /** To the thread that writes. */
  readonly channel: Channel<ToWriter, FromWriter>;
  /** A connection that cannot write. */
  readonly reader: DatabaseSync;
  /** Directory of the large values. */
  readonly blobs: string;
  /** What a full disk gives up. */
  readonly reserve: Reserve;
  /** What the thread counts. */
  readonly figures: WriterFigures;
  readonly clock: Pick<Clock, "now" | "mono">;
  readonly log: Pick<Logger, "warn" | "error">;
  /** The disk fails or the database is damaged: nothing is written any more, and the process should end with a non-zero status. */
  readonly onFatal: (error: Error) => void;
  /** Closes what was opened around the connections; `clean`: everything is in the database. */
  readonly release: (clean: boolean) => Promise<void>;
}

export class SqliteStore implements Store {
  readonly workflows: WorkflowStore;
  readonly drafts: DraftStore;
  readonly requests: RequestStore;
  readonly keys: KeyStore;
  readonly devKeys: DevKeyStore;
  readonly runs: RunStore;
  readonly upkeep: Upkeep;
  readonly shared = null;
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
  readonly shares: ShareStore;
  readonly #parts: StoreParts;
  readonly #writer: Writer;
  readonly #takeOver: TakeOver;
  readonly #fullDisk: FullDisk;
  readonly #listeners = new Set<(change: Change) => void>();
  #closed: Promise<void> | null = null;

  constructor(parts: StoreParts) {
    const { channel, reader, clock, log } = parts;
    this.#parts = parts;
    this.#fullDisk = new FullDisk({
      reserve: parts.reserve,
      emptyLog: () => this.#writer.emptyLog(),
      probe: () => this.#takeOver.probe(),
      log,
    });
    this.#writer = new Writer(channel, {
      warn: (fields, message) => log.warn(fields, message),
      full: () => this.#fullDisk.found(),
      fatal: (error) => {
        log.error({ err: error }, "the store takes no more writes");
        parts.onFatal(error);
      },
    });
    const blobs = new BlobFiles(parts.blobs, clock);
    const database = sqlDatabase(this.#writer, reader, (change) => this.#tell(change));
    const journals = new JournalReader(database, blobs);
    this.#takeOver = new TakeOver({ database, journals, clock, log });
    this.workflows = new SqlWorkflows(database);
    this.requests = new SqlRequests(database);
    this.drafts = new SqlDrafts(database);
    this.keys = new SqlKeys(database);
    this.devKeys = new SqlDevKeys(database);
    this.upkeep = new SqlUpkeep({
      ...{ database, blobs, clock },
      shrink: () => this.#writer.write("shrink", []),
      whenFull: (listener) => this.#fullDisk.whenFull(listener),
    });
    this.runs = sqlRuns(
      new RunWriter({ database, blobs, room: new DiskRoom(this.#fullDisk, this.#writer) }),
      new RunReader(database, journals),
      this.#takeOver,
    );
    this.alerts = new SqlAlerts(database, log);
    this.shares = new SqlShares(database);
    this.members = new SqlMembers(database);
    this.audit = new SqlAudit(database);
    this.vault = new SqlVault(database);
    this.knowledge = new SqlKnowledge(database);
    this.prices = new SqlPrices(database);
    this.usage = new SqlUsage(database);
    this.budgets = new SqlBudgets(database);
    this.tools = new SqlTools(database);
    this.nodeResults = new SqlNodeResults(database);
    this.webhooks = new SqlWebhooks(database, log);
    this.approvals = new SqlApprovals(database);
    this.jobs = new SqlBulkJobs(database);
    this.hooks = new SqlHooks(database);
    this.schedules = new SqlSchedules(database, log);
  }

  /** To be awaited before anything else: what earlier processes owned is nobody's. */
  async begin(owner: string): Promise<void> {
    await this.#writer.ready;
    await this.#takeOver.forgetOwners(owner);
    this.#fullDisk.begin();
  }

  /** The thread that writes is gone. */
  writerLost(error: Error): void {
    this.#writer.lost(error);
  }

  /** No other process has this data. */
  async lead(duties: Duties): Promise<() => Promise<void>> {
    await duties.begin();
    return () => duties.end();
  }

  watch(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  figures(): StoreFigures {
    return this.#parts.figures.read();
  }

  async check(): Promise<void> {
    if (this.#writer.stopped) throw this.#writer.stopped;
    await this.#fullDisk.tryAgain();
  }

  /** Takes no more writes and says that the process should end. */
  fail(error: unknown): void {
    this.#writer.fail(error instanceof Error ? error : new Error(String(error)));
  }

  forgetStart(): void {
    this.#writer.forgetStart();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#fullDisk.stop();
    await this.#writer.stop();
    // Before the connection that writes: the last one to close takes the log away, which only that one can.
    this.#parts.reader.close();
    await this.#writer.close();
    await this.#parts.release(!this.#writer.hasFailed);
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // The change is durable, and its writer is not to blame for who listens.
        this.#parts.log.error({ err: error, change }, "a listener to changes of the store failed");
      }
    }
  }
}

class DiskRoom implements Room {
  readonly #disk: FullDisk;
  readonly #writer: Writer;

  constructor(disk: FullDisk, writer: Writer) {
    this.#disk = disk;
    this.#writer = writer;
  }

  get isFull(): boolean {
    return this.#disk.isFull;
  }

  refused(error: unknown): void {
    if (isFatal(error)) this.#writer.fail(error);
    if (error instanceof StoreFull) this.#disk.found();
  }
}
