import type { FastifyInstance } from "fastify";
import {
  composeApprovals,
  composeConsole,
  composeKnowledge,
  composeOperators,
  composeReleases,
  composeStarters,
  composeUpkeep,
  composeVault,
} from "#app/desks";
import { dutiesOf } from "#app/duties";
import { closeHouse, openHouse, type Service, type Surroundings } from "#app/house";
import { composeSpending, composeTraces, composeWebhooks, refusalsOf } from "#app/outgoing";
import { composeEngine } from "#app/runtime";
import { composeTools } from "#app/tools";
import { compileOptions, composeAuthoring } from "#app/workflows";
import { Callables } from "#called/callables";
import type { Settings } from "#config/settings";
import { Deed, type Describe } from "#deed";
import { expectShortLives } from "#heap";
import { TrustedProxies } from "#http/client-address";
import { Leave } from "#http/leave";
import { Places } from "#http/places";
import type { WireRequest } from "#http/request";
import { createHttpServer } from "#http/server";
import { ApiKeys } from "#keys/api-keys";
import { Authenticator } from "#keys/authenticate";
import { RateLimiter, SharedRateLimiter } from "#keys/rate-limiter";
import { deriveKey } from "#keys/secret-key";
import type { Logger } from "#log";
import type { NewPerson } from "#members/members";
import type { Operators } from "#members/operators";
import type { Runtime } from "#runtime/runtime";
import { ServerMetrics } from "#server-metrics";
import { BulkRunner } from "#starters/bulk/bulk-runner";
import { Scheduler } from "#starters/schedules/scheduler";
import type { MemberRow } from "#store/member-store";
import { openSqliteStore } from "#store/sqlite/open";
import type { Store } from "#store/store";
import { wellFormed } from "#telemetry/trace-context";
import type { Authoring } from "#workflows/authoring";
import type { FileLinks } from "#workflows/file-links";
import { LiveWorkflows } from "#workflows/live-workflows";
import { VersionCache } from "#workflows/version-cache";

export type { Surroundings } from "#app/house";
// What a command does to the data by itself, with or without a server on it.
export { moveData } from "#app/move-store";
export type { MoveStep } from "#store/sql/move";
export { backUp } from "#store/sqlite/backup/back-up";
export type { Manifest } from "#store/sqlite/backup/manifest";
export { restore } from "#store/sqlite/backup/restore";
export { planUpgrade } from "#store/sqlite/upgrade";
export type { WorkflowRow } from "#store/store";

/** Brings the schema up to date, after a backup, as every start does. */
export async function migrateDataDir({ dataDir, version }: Settings, log: Logger): Promise<void> {
  const store = await openSqliteStore({ dataDir, version, owner: "migrate", logger: log });
  await store.close();
}

/** Makes an owner in a data directory that no server uses, or gives one a new password; the audit log says that a command did. */
export async function createOwner(settings: Settings, log: Logger, person: NewPerson): Promise<MemberRow> {
  const house = await openHouse(settings, log, {});
  try {
    const { clock } = house;
    const { members } = composeOperators(house);
    const request = { address: null, status: null, requestId: null } as const;
    const actor = { kind: "system", id: null, name: null } as const;
    const describe: Describe = ({ targets }) => ({
      tenantId: DEFAULT_TENANT,
      entry: { at: clock.now(), actor, action: "createOwner", targets, result: "done", ...request },
    });
    return await new Deed(describe).carryOut(() => members.putOwner(DEFAULT_TENANT, person));
  } finally {
    await closeHouse(house);
    await house.store.close();
  }
}

/** The tenant of a server that serves one organisation. */
export const DEFAULT_TENANT = "default";

export interface App {
  readonly server: FastifyInstance;
  readonly store: Store;
  readonly runtime: Runtime;
  readonly apiKeys: ApiKeys;
  readonly authoring: Authoring;
  /** Told to whoever reads a workflow. */
  readonly fileLinks: FileLinks;
  readonly operators: Operators;
  /** Binds the socket and takes over what an earlier life left unfinished. Resolves with the port. */
  listen(): Promise<number>;
  /** Answers held calls, lets runs go where their journals are durable, and closes everything. */
  close(): Promise<void>;
}

/** The composition root: the only place where all rooms meet. */
export async function createApp(settings: Settings, log: Logger, surroundings: Surroundings = {}): Promise<App> {
  expectShortLives();
  const house = await openHouse(settings, log, surroundings);
  const { store, clock, ids, secret } = house;
  const compile = compileOptions(settings);
  const apiKeys = new ApiKeys({ ...store, ids, pepper: deriveKey(secret, "api-keys"), now: clock.now });
  const authenticator = new Authenticator({ store, keys: store.keys, apiKeys, mono: clock.mono, now: clock.now, at: clock.at });
  const writing = composeAuthoring(house, compile);
  const { authoring } = writing;
  const versions = new VersionCache(store.workflows, compile);
  const metrics = new ServerMetrics();
  const traces = composeTraces(house, versions, surroundings);
  if (traces) metrics.watchTraces(() => traces.figures);
  const { desk, ...tools } = composeTools(house);
  const { runtime, service, ...engine } = await composeEngine(house, versions, { metrics, traces, tools });
  metrics.watch(() => runtime.liveRuns, store.figures.bind(store));
  const { indexer, ...knowledge } = composeKnowledge(house, tools);
  const webhooks = composeWebhooks(house, traces, surroundings);
  const starting = { ...engine, runtime, versions, spending: house.spending, ids, now: clock.now, workflows: store.workflows };
  const scheduler = new Scheduler({ ...starting, schedules: store.schedules, watch: store.watch.bind(store), clock, log });
  const bulkRunner = new BulkRunner({ ...starting, store, authoring, jobs: store.jobs, watch: store.watch.bind(store), clock, log });
  const operators = composeOperators(house, surroundings);
  const leave = new Leave(clock, settings.stopGraceMs);
  const spending = composeSpending(house, webhooks);
  const pages = composeConsole(house, runtime, { fileLinks: writing.fileLinks, looks: spending.alertWatch });
  let readyMs: number | null = null;
  const server = createHttpServer({
    authenticator,
    live: new LiveWorkflows(store, clock.mono),
    callables: new Callables(store.workflows),
    rateLimiter: store.shared ? new SharedRateLimiter(store.shared.quotas) : new RateLimiter(clock.mono),
    ...starting,
    store,
    clock,
    log,
    metrics,
    settings,
    apiKeys,
    ...writing,
    webhooks,
    approvals: composeApprovals(house, runtime),
    ...composeStarters(house, starting),
    operators,
    tenantId: DEFAULT_TENANT,
    proxies: new TrustedProxies(settings.trustedProxies),
    ...composeVault(house),
    ...composeReleases(house, authoring),
    knowledge,
    ...desk,
    ...spending,
    ...leave.signals,
    ...pages,
    eventStreams: new Places(settings.maxEventStreams),
    traceparentOf: ({ headers }) => (traces ? wellFormed(headers["traceparent"]) : null),
    readyMs: () => readyMs,
    ...refusalsOf(house),
    ...addressesOf(settings),
  });
  const duties = dutiesOf(store, [webhooks, scheduler, bulkRunner, indexer, spending.alertWatch, ...composeUpkeep(house)]);
  const services: Service[] = [service, ...(settings.role === "api" ? [] : [duties])];
  return {
    server,
    store,
    runtime,
    apiKeys,
    ...writing,
    operators,
    listen: async () => {
      await server.listen({ host: settings.host, port: settings.port });
      for (const service of services) await service.start();
      // The monotonic clock of the host began with the process.
      readyMs = Math.round(performance.now());
      return portOf(server) ?? settings.port;
    },
    close: async () => {
      await leave.of(server);
      // No new work before the old is let go: runs first, then what their ends bring about.
      await runtime.drain();
      for (const service of services) await service.close();
      tools.databases.close();
      await traces?.close();
      metrics.close();
      await Promise.all([authenticator.close(), pages.refused.close(), pages.backups.close(), closeHouse(house)]);
      await store.close();
    },
  };
}

/** Where callers find the server and what it names to them. */
function addressesOf({ publicUrl }: Settings) {
  const baseUrl = (request: WireRequest): string => publicUrl ?? originOf(request);
  return {
    baseUrl,
    runUrl: (request: WireRequest, runId: string) => `${baseUrl(request)}/runs/${runId}`,
    hookUrl: (request: WireRequest, token: string) => `${baseUrl(request)}/hooks/${token}`,
  };
}

/** The one that was bound: it may have been left to the system. */
function portOf({ server }: FastifyInstance): number | null {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : null;
}

function originOf(request: WireRequest): string {
  return `${request.protocol}://${request.host}`;
}
