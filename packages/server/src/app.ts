import type { KnownNames } from "@millrace/engine";
import { executors } from "@millrace/nodes/executors";
import { nodeSpecs } from "@millrace/nodes/specs";
import type { FastifyInstance } from "fastify";
import { Approvals } from "#approvals/approvals";
import { ApprovalLinks } from "#approvals/links";
import { type Clock, systemClock } from "#clock";
import type { Settings } from "#config/settings";
import { RateCard } from "#credits/rate-card";
import { createEgress, type EgressGuard, type EgressOptions } from "#egress/egress";
import { expectShortLives } from "#heap";
import { TrustedProxies } from "#http/client-address";
import { Places } from "#http/places";
import type { WireRequest } from "#http/request";
import { createHttpServer } from "#http/server";
import { type Ids, systemIds } from "#ids";
import { ApiKeys } from "#keys/api-keys";
import { Authenticator } from "#keys/authenticate";
import { RateLimiter } from "#keys/rate-limiter";
import { deriveKey, loadSecretKey } from "#keys/secret-key";
import { Documents } from "#knowledge/documents";
import { Indexer } from "#knowledge/indexer";
import { KnowledgeBases } from "#knowledge/knowledge-bases";
import { knowledgeOf } from "#knowledge/search";
import type { Logger } from "#log";
import type { NewPerson } from "#members/members";
import { createOperators, type Operators } from "#members/operators";
import type { PasswordCost } from "#members/passwords";
import { MembersUpkeep } from "#members/upkeep";
import { ModelCatalogue } from "#models/model-catalogue";
import { ModelService } from "#models/model-service";
import { ModelTests } from "#models/model-tests";
import { ServerFileParser } from "#parsing/file-parser";
import { callWorkflow } from "#runs/call-workflow";
import { Retention } from "#runs/retention";
import { EmbeddedRuntime } from "#runtime/embedded/embedded-runtime";
import { FairPlaces } from "#runtime/embedded/fair-places";
import type { Runtime } from "#runtime/runtime";
import type { RunTracing } from "#runtime/tracing";
import { createSandbox, type ServerSandbox } from "#sandbox/create-sandbox";
import { checkCode } from "#sandbox/program/prepare";
import { Connections } from "#secrets/connections";
import { listedModels, ModelConnections } from "#secrets/model-connections";
import { Sealer } from "#secrets/sealer";
import { Secrets } from "#secrets/secrets";
import { SealedVault } from "#secrets/vault";
import { ServerMetrics } from "#server-metrics";
import { BulkJobs } from "#starters/bulk/bulk-jobs";
import { BulkRunner } from "#starters/bulk/bulk-runner";
import { HookTokens } from "#starters/hooks/hook-tokens";
import { Hooks } from "#starters/hooks/hooks";
import { Scheduler } from "#starters/schedules/scheduler";
import { Schedules } from "#starters/schedules/schedules";
import { LeaseLost } from "#store/errors";
import { RENEW_MS } from "#store/lease";
import type { MemberRow } from "#store/member-store";
import { openSqliteStore } from "#store/sqlite/open";
import type { Store } from "#store/store";
import { wellFormed } from "#telemetry/trace-context";
import { Traces, type TracesPorts } from "#telemetry/traces";
import { SpendingGate } from "#usage/budget-gate";
import { Budgets } from "#usage/budgets";
import { UsageReports } from "#usage/usage-reports";
import { createWebhooks, type Webhooks, type WebhooksOptions } from "#webhooks/webhooks";
import { Authoring } from "#workflows/authoring";
import type { CompileOptions } from "#workflows/compile-version";
import { linearPatterns } from "#workflows/linear-patterns";
import { LiveWorkflows } from "#workflows/live-workflows";
import { VersionCache } from "#workflows/version-cache";

// What a command does to a data directory by itself, with or without a server in it.
export { backUp } from "#store/sqlite/backup/back-up";
export type { Manifest } from "#store/sqlite/backup/manifest";
export { restore } from "#store/sqlite/backup/restore";
export { planUpgrade } from "#store/sqlite/upgrade";

/** Brings the schema up to date, after a backup, as every start does. */
export async function migrateDataDir({ dataDir, version }: Settings, log: Logger): Promise<void> {
  const store = await openSqliteStore({ dataDir, version, owner: "migrate", logger: log });
  await store.close();
}

/** Makes an owner in a data directory that no server uses, or gives one a new password; the audit log says that a command did. */
export async function createOwner(settings: Settings, log: Logger, person: NewPerson): Promise<MemberRow> {
  const house = await openHouse(settings, log, {});
  try {
    const { store, clock } = house;
    const { members } = composeOperators(house);
    const owner = await members.putOwner(DEFAULT_TENANT, person);
    const nobody = { address: null, status: null, requestId: null } as const;
    const actor = { kind: "system", id: null, name: null } as const;
    const targets = { member: owner.id, email: owner.email };
    await store.audit.append(DEFAULT_TENANT, { at: clock.now(), actor, action: "createOwner", targets, result: "done", ...nobody });
    return owner;
  } finally {
    await Promise.all([house.sandbox.close(), house.egress.close()]);
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
  readonly operators: Operators;
  /** Binds the socket and takes over what an earlier life left unfinished. Resolves with the port. */
  listen(): Promise<number>;
  /** Answers held calls, lets runs go where their journals are durable, and closes everything. */
  close(): Promise<void>;
}

/** What a test may put in place of the world outside. */
export interface Surroundings {
  readonly egress?: EgressOptions;
  readonly clock?: Clock;
  readonly webhooks?: Pick<WebhooksOptions, "timeoutMs">;
  readonly passwordCost?: PasswordCost;
}

/** The composition root: the only place where all rooms meet. */
export async function createApp(settings: Settings, log: Logger, surroundings: Surroundings = {}): Promise<App> {
  expectShortLives();
  const house = await openHouse(settings, log, surroundings);
  const { store, clock, ids, secret, egress } = house;
  const compile = compileOptions(settings);
  const apiKeys = new ApiKeys({ keys: store.keys, workflows: store.workflows, ids, pepper: deriveKey(secret, "api-keys"), now: clock.now });
  const { now } = clock;
  const authenticator = new Authenticator({ store, keys: store.keys, apiKeys, mono: clock.mono, now, at: clock.at });
  const authoring = new Authoring({ workflows: store.workflows, compile, known: (tenantId) => namesIn(store, tenantId), ids, now });
  const versions = new VersionCache(store.workflows, compile);
  const metrics = new ServerMetrics();
  const traces = composeTraces(house, versions, surroundings);
  if (traces) metrics.watchTraces(() => traces.figures);
  const { modelDesk, ...tools } = composeTools(house);
  const runtime = composeRuntime(house, versions, { metrics, traces, tools });
  metrics.watch(() => runtime.liveRuns, store.figures.bind(store));
  const { indexer, ...knowledge } = composeKnowledge(house, tools);
  const webhooks = composeWebhooks(house, traces, surroundings);
  const starting = { runtime, versions, spending: house.spending, ids, now: clock.now, workflows: store.workflows };
  const scheduler = new Scheduler({ ...starting, schedules: store.schedules, watch: store.watch.bind(store), clock, log });
  const bulkRunner = new BulkRunner({ ...starting, store, authoring, jobs: store.jobs, watch: store.watch.bind(store), clock, log });
  const operators = composeOperators(house, surroundings);
  const baseUrl = (request: WireRequest) => settings.publicUrl ?? originOf(request);
  const closing = new AbortController();
  const server = createHttpServer({
    authenticator,
    live: new LiveWorkflows(store, clock.mono),
    rateLimiter: new RateLimiter(clock.mono),
    ...starting,
    store,
    clock,
    log,
    metrics,
    settings,
    apiKeys,
    authoring,
    webhooks,
    approvals: composeApprovals(house, runtime),
    bulkJobs: new BulkJobs({ jobs: store.jobs, runs: store.runs, workflows: store.workflows, ids, clock }),
    hooks: new Hooks({ ...starting, hooks: store.hooks, tokens: hookTokens(house), clock, log }),
    schedules: new Schedules({ ...starting, schedules: store.schedules, clock }),
    operators,
    tenantId: DEFAULT_TENANT,
    proxies: new TrustedProxies(settings.trustedProxies),
    ...composeVault(house),
    knowledge,
    ...modelDesk,
    ...composeUsage(house),
    closing: closing.signal,
    eventStreams: new Places(settings.maxEventStreams),
    traceparentOf: ({ headers }) => (traces ? wellFormed(headers["traceparent"]) : null),
    refuseHost: (url) => egress.checkUrl(url)?.reason ?? null,
    baseUrl,
    runUrl: (request, runId) => `${baseUrl(request)}/runs/${runId}`,
    hookUrl: (request, token) => `${baseUrl(request)}/hooks/${token}`,
  });
  const services: Service[] = [webhooks, runtimeService(house, runtime), scheduler, bulkRunner, indexer, ...composeUpkeep(house)];
  return {
    server,
    store,
    runtime,
    apiKeys,
    authoring,
    operators,
    listen: async () => {
      await server.listen({ host: settings.host, port: settings.port });
      for (const service of services) await service.start();
      return portOf(server) ?? settings.port;
    },
    close: async () => {
      closing.abort();
      await server.close();
      // No new work before the old is let go: runs first, then what their ends bring about.
      await runtime.drain();
      for (const service of services) await service.close();
      await traces?.close();
      metrics.close();
      await Promise.all([authenticator.close(), house.sandbox.close(), egress.close()]);
      await store.close();
    },
  };
}

/** Calls of sandboxed code at once: enough to keep every process of the sandbox busy, so few that none waits there in a line that knows no turns. */
const MAX_SANDBOXED = 64;

/** What goes on beside the requests, from the moment that the socket is bound. */
interface Service {
  start(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** What every room may need, and the world outside. */
interface House {
  readonly settings: Settings;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Names this process in the store. */
  readonly owner: string;
  readonly store: Store;
  readonly secret: Buffer;
  readonly sealer: Sealer;
  readonly egress: EgressGuard;
  readonly sandbox: ServerSandbox;
  readonly spending: SpendingGate;
}

async function openHouse(settings: Settings, log: Logger, surroundings: Surroundings): Promise<House> {
  const clock = surroundings.clock ?? systemClock;
  const ids = systemIds(clock.now);
  const owner = ids.objectId();
  const store = await openSqliteStore({ dataDir: settings.dataDir, version: settings.version, owner, logger: log, clock });
  const secret = await loadSecretKey(store.vault, settings.dataDir, settings.secretKey).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const sealer = new Sealer(deriveKey(secret, "sealed"), ids.seed);
  const egress = createEgress({ allow: settings.egressAllow, version: settings.version, ...surroundings.egress });
  const spending = await SpendingGate.open({ ...store, watch: store.watch.bind(store), clock, log });
  return { settings, log, clock, ids, owner, store, secret, sealer, egress, spending, sandbox: createSandbox({ logger: log }) };
}

function composeWebhooks({ settings, ...house }: House, traces: Traces | null, surroundings: Surroundings): Webhooks {
  const watchDelivery: WebhooksOptions["watchDelivery"] = traces && ((delivery) => traces.delivery(delivery));
  return createWebhooks({ ...house, version: settings.version, watchDelivery, ...surroundings.webhooks });
}

/** null: nobody asked for traces, and nothing of a run is done for them. */
function composeTraces(house: House, versions: VersionCache, surroundings: Surroundings): Traces | null {
  const { settings, store, clock, ids, log, owner } = house;
  const endpoint = settings.otlpEndpoint;
  if (endpoint === null) return null;
  const { host, protocol } = new URL(endpoint);
  // The operator named it, so it may be an address that workflows may not call.
  const allow = /:\d+$/.test(host) ? host : `${host}:${protocol === "https:" ? 443 : 80}`;
  const collector = createEgress({ version: settings.version, ...surroundings.egress, allow });
  const loadPlan: TracesPorts["loadPlan"] = async (...version) => (await versions.load(...version))?.plan ?? null;
  return new Traces({ settings, endpoint, collector, runs: store.runs, clock, ids, owner, log, loadPlan });
}

/** What people keep sealed. */
function composeVault({ store, sealer, clock, egress }: House) {
  return { secrets: new Secrets({ ...store, sealer, clock }), connections: new Connections({ ...store, sealer, clock, egress }) };
}

function composeApprovals({ store, secret, clock }: House, runtime: Runtime): Approvals {
  const links = new ApprovalLinks((purpose) => deriveKey(secret, purpose));
  return new Approvals({ approvals: store.approvals, runtime, links, clock });
}

function composeOperators({ store, ids, clock, secret }: House, { passwordCost }: Surroundings = {}): Operators {
  const pepper = (purpose: string) => deriveKey(secret, purpose);
  return createOperators({ store, ids, clock, pepper, ...(passwordCost && { passwordCost }) });
}

/** What attempts of runs use, and what else the server does with it. */
interface Tools {
  readonly models: ModelService;
  readonly files: ServerFileParser;
}

function composeTools({ settings: { defaultModel }, store, sealer, egress, clock, log }: House) {
  const rateCard = new RateCard({ prices: store.prices, clock });
  const ports = { connections: new ModelConnections({ vault: store.vault, sealer, egress, clock }), rateCard, defaultModel, clock };
  const models = new ModelService({ ...ports, log });
  const modelDesk = { rateCard, modelCatalogue: new ModelCatalogue(ports), modelTests: new ModelTests({ ...ports, models }) };
  return { models, modelDesk, files: new ServerFileParser() };
}

/** What people do with knowledge, and what makes documents searchable. */
function composeKnowledge(house: House, { models, files }: Tools) {
  const { store, ids, clock, egress, log } = house;
  const modelsOf = (tenantId: string) => models.of({ tenantId });
  const bases = new KnowledgeBases({ knowledge: store.knowledge, modelsOf, ids, clock });
  const documents = new Documents({ knowledge: store.knowledge, bases, egress, ids, clock });
  const watch = store.watch.bind(store);
  const indexer = new Indexer({ knowledge: store.knowledge, watch, parse: (call) => files.blocks(call), modelsOf, clock, log });
  return { bases, documents, indexer };
}

/** What is to be forgotten, in time. */
function composeUpkeep({ store, clock, log, settings }: Pick<House, "store" | "clock" | "log" | "settings">): Service[] {
  const retention = new Retention({ upkeep: store.upkeep, clock, log, days: settings.retentionDays });
  return [retention, new MembersUpkeep({ members: store.members, audit: store.audit, clock, log, auditDays: settings.auditRetentionDays })];
}

/** What people ask of costs, and what they may be. */
function composeUsage({ store, ids, clock }: House) {
  return { budgets: new Budgets({ ...store, ids, clock }), usage: new UsageReports({ ...store, clock }) };
}

interface RunPorts {
  readonly metrics: ServerMetrics;
  readonly traces: RunTracing | null;
  readonly tools: Tools;
}

function composeRuntime(house: House, versions: VersionCache, { metrics, traces, tools }: RunPorts): EmbeddedRuntime {
  const { settings, store, clock, sandbox } = house;
  const { models, files } = tools;
  const runtime: EmbeddedRuntime = new EmbeddedRuntime({
    counts: metrics,
    tracing: traces,
    spending: house.spending,
    runs: store.runs,
    ids: house.ids,
    owner: house.owner,
    clock,
    executors,
    egress: house.egress,
    capabilitiesOf: (scope) => ({
      sandbox: { run: (call) => sandbox.run({ timeoutMs: settings.codeTimeoutMs, ...call }) },
      models: models.of(scope),
      files,
      knowledge: knowledgeOf(scope.tenantId, { knowledge: store.knowledge, models: models.of(scope) }),
    }),
    vault: new SealedVault({ vault: store.vault, sealer: house.sealer, egress: house.egress, clock }),
    callWorkflow: (step, call) => callWorkflow({ runtime, runs: store.runs, workflows: store.workflows, versions, clock }, step, call),
    log: house.log,
    limits: { maxOutputBytes: settings.maxOutputBytes, concurrency: settings.runConcurrency },
    maxRuns: settings.maxRuns,
    places: { outside: new FairPlaces(settings.maxAttempts), contained: new FairPlaces(MAX_SANDBOXED) },
    loadVersion: (tenantId, workflowId, version) => versions.load(tenantId, workflowId, version),
  });
  return runtime;
}

/** Takes over what an earlier life left unfinished, and says that this process lives, so that nobody takes over its runs. */
function runtimeService({ store, owner, log, sandbox }: House, runtime: EmbeddedRuntime): Service {
  const heartbeat = setInterval(() => {
    store.runs.renew(owner).catch((error: unknown) => {
      log.error({ err: error }, "the lease could not be renewed");
      // Its runs belong to others by now: whatever this process still does with them would be refused.
      if (error instanceof LeaseLost) void runtime.drain();
    });
  }, RENEW_MS).unref();
  return {
    start: async () => {
      // In the background: the first user of a code node should not wait for the engine.
      sandbox.warm().catch((error: unknown) => log.warn({ err: error }, "the sandbox could not be started"));
      const resumed = await runtime.resume();
      if (resumed > 0) log.info({ runs: resumed }, "unfinished runs were resumed");
    },
    close: () => clearInterval(heartbeat),
  };
}

/** What workflows may name. */
async function namesIn({ vault }: Store, tenantId: string): Promise<Required<KnownNames>> {
  const [secrets, connections] = await Promise.all([vault.list(tenantId, "secret"), vault.list(tenantId, "connection")]);
  const namesOf = (rows: readonly { readonly name: string }[]) => new Set(rows.map(({ name }) => name));
  return { secrets: namesOf(secrets), connections: namesOf(connections), models: listedModels(connections) };
}

/** The one that was bound: it may have been left to the system. */
function portOf({ server }: FastifyInstance): number | null {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : null;
}

function hookTokens({ secret, sealer, ids }: House): HookTokens {
  return new HookTokens({ pepper: deriveKey(secret, "hook-tokens"), sealer, ids });
}

function compileOptions({ maxIterations, maxFileBytes }: Settings): CompileOptions {
  return { specs: nodeSpecs, patterns: linearPatterns, checkCode, maxIterations, maxFileBytes };
}

function originOf(request: WireRequest): string {
  return `${request.protocol}://${request.host}`;
}
