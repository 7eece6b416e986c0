import type { AlertWatch } from "#alerts/alert-watch";
import type { Alerts } from "#alerts/alerts";
import type { Approvals } from "#approvals/approvals";
import type { Callables } from "#called/callables";
import type { Clock } from "#clock";
import type { Settings } from "#config/settings";
import type { RateCard } from "#credits/rate-card";
import type { DatabaseService } from "#databases/database-service";
import type { Backups } from "#doctor/backups";
import type { Doctor } from "#doctor/doctor";
import type { AdmitPorts } from "#http/admit";
import type { Places } from "#http/places";
import type { WireRequest } from "#http/request";
import type { ApiKeys } from "#keys/api-keys";
import type { Documents } from "#knowledge/documents";
import type { KnowledgeBases } from "#knowledge/knowledge-bases";
import type { Logger } from "#log";
import type { ModelCatalogue } from "#models/model-catalogue";
import type { ModelTests } from "#models/model-tests";
import type { NewsFeed } from "#runs/news-feed";
import type { RefusedRequests } from "#runs/refused-requests";
import type { RunShares } from "#runs/run-shares";
import type { RunStats } from "#runs/run-stats";
import type { StartRunPorts } from "#runs/start-run";
import type { Connections } from "#secrets/connections";
import type { Secrets } from "#secrets/secrets";
import type { ServerMetrics } from "#server-metrics";
import type { BulkJobs } from "#starters/bulk/bulk-jobs";
import type { Hooks } from "#starters/hooks/hooks";
import type { Schedules } from "#starters/schedules/schedules";
import type { Store } from "#store/store";
import type { ToolCollections } from "#tools/collections";
import type { Budgets } from "#usage/budgets";
import type { UsageReports } from "#usage/usage-reports";
import type { Sent } from "#webhooks/sender";
import type { Webhooks } from "#webhooks/webhooks";
import type { Authoring } from "#workflows/authoring";
import type { DraftHistory } from "#workflows/draft-history";
import type { FileLinks } from "#workflows/file-links";
import type { Releases } from "#workflows/releases";

/** Everything that a route may use; made by app.ts. */
export interface HttpPorts extends AdmitPorts, StartRunPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ServerMetrics;
  readonly settings: Settings;
  readonly apiKeys: ApiKeys;
  readonly authoring: Authoring;
  readonly releases: Releases;
  readonly draftHistory: DraftHistory;
  readonly fileLinks: FileLinks;
  readonly callables: Callables;
  readonly webhooks: Webhooks;
  readonly schedules: Schedules;
  readonly hooks: Hooks;
  readonly approvals: Approvals;
  readonly bulkJobs: BulkJobs;
  /** Of those who sign in: a server serves one organisation. */
  readonly tenantId: string;
  readonly secrets: Secrets;
  readonly connections: Connections;
  readonly knowledge: { readonly bases: KnowledgeBases; readonly documents: Documents };
  readonly rateCard: RateCard;
  readonly modelCatalogue: ModelCatalogue;
  readonly modelTests: ModelTests;
  readonly budgets: Budgets;
  readonly usage: UsageReports;
  readonly doctor: Doctor;
  readonly backups: Backups;
  readonly alerts: Alerts<Sent>;
  readonly alertWatch: Pick<AlertWatch, "seenSoFar">;
  readonly databases: DatabaseService;
  readonly toolCollections: ToolCollections;
  /** Aborted when the server is told to stop: it answers as before, and says with each answer that the connection ends. */
  readonly leaving: AbortSignal;
  /** Aborted a grace later: held calls are answered at once. */
  readonly closing: AbortSignal;
  readonly runStats: RunStats;
  /** Links with which strangers look at runs. */
  readonly runShares: RunShares;
  readonly refused: RefusedRequests;
  /** What changes, for pages that show it. */
  readonly feed: NewsFeed;
  /** Room for streams of run events. */
  readonly eventStreams: Places;
  /** The header `traceparent`, where traces are kept and it is well formed. */
  traceparentOf(request: WireRequest): string | null;
  /** From the process's beginning until the server took requests, ms; null: it does not yet. */
  readyMs(): number | null;
  /** Rejects where no run can be driven now. */
  checkEngine(): Promise<void>;
  /** Why no workflow may call the URL's host, or null. */
  refuseHost(url: string): string | null;
  /** Why no webhook may go to the URL's host, or null. */
  refuseReceiver(url: string): string | null;
  /** Base of links to this server's pages, without a slash at its end. */
  baseUrl(request: WireRequest): string;
  /** The page of a run, as its caller reaches this server. */
  runUrl(request: WireRequest, runId: string): string;
  /** Where senders send to. */
  hookUrl(request: WireRequest, token: string): string;
}
