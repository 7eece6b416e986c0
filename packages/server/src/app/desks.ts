import { resolve } from "node:path";
import type { House, Service, Surroundings } from "#app/house";
import type { Tools } from "#app/tools";
import { Approvals } from "#approvals/approvals";
import { ApprovalLinks } from "#approvals/links";
import { Backups, type BackupsPorts } from "#doctor/backups";
import { Doctor } from "#doctor/doctor";
import { DevKeys } from "#keys/dev-keys";
import { deriveKey } from "#keys/secret-key";
import { Documents } from "#knowledge/documents";
import { Indexer } from "#knowledge/indexer";
import { KnowledgeBases } from "#knowledge/knowledge-bases";
import { createOperators, type Operators } from "#members/operators";
import { MembersUpkeep } from "#members/upkeep";
import { NewsFeed, type NewsPorts } from "#runs/news-feed";
import { RefusedRequests } from "#runs/refused-requests";
import { Retention } from "#runs/retention";
import { RunShares } from "#runs/run-shares";
import { RunStats } from "#runs/run-stats";
import type { Runtime } from "#runtime/runtime";
import { Connections } from "#secrets/connections";
import { Secrets } from "#secrets/secrets";
import { BulkJobs } from "#starters/bulk/bulk-jobs";
import { HookTokens } from "#starters/hooks/hook-tokens";
import { Hooks } from "#starters/hooks/hooks";
import { Schedules, type SchedulesPorts } from "#starters/schedules/schedules";
import { startBackup } from "#store/sqlite/backup/start-backup";
import type { Authoring } from "#workflows/authoring";
import { Releases } from "#workflows/releases";

/** What people keep sealed. */
export function composeVault({ store, sealer, clock, egress }: House) {
  return { secrets: new Secrets({ ...store, sealer, clock }), connections: new Connections({ ...store, sealer, clock, egress }) };
}

/** What pages show of the whole. */
export function composeConsole(house: House, runtime: Runtime, heard: Pick<NewsPorts, "fileLinks" | "looks">) {
  const { settings, store, ids, clock, secret, log } = house;
  const refused = new RefusedRequests({ requests: store.requests, clock, log });
  const doctor = new Doctor({ settings, store, clock });
  const runShares = new RunShares({ ...store, ids, clock, pepper: deriveKey(secret, "run-links"), enabled: settings.runLinks === "on" });
  const feed = new NewsFeed({ runtime, store, refused, ...heard, clock });
  const runStats = new RunStats({ ...store, clock });
  return { feed, runStats, runShares, refused, doctor, backups: composeBackups(settings, clock, log) };
}

function composeBackups({ dataDir, databaseUrl, version }: House["settings"], clock: House["clock"], log: House["log"]): Backups {
  const begin: BackupsPorts["begin"] = (file, now, progress) => startBackup({ dataDir, file, version, now, progress });
  return new Backups({ folder: databaseUrl === null ? resolve(dataDir, "backups") : null, begin, clock, log });
}

/** How versions come from elsewhere, and who may bring them. */
export function composeReleases({ store, ids, clock, secret }: House, authoring: Authoring) {
  const devKeys = new DevKeys({ devKeys: store.devKeys, ids, pepper: deriveKey(secret, "dev-keys"), now: clock.now });
  return { devKeys, releases: new Releases({ workflows: store.workflows, authoring, now: clock.now }) };
}

export function composeApprovals({ store, secret, clock }: House, runtime: Runtime): Approvals {
  const links = new ApprovalLinks((purpose) => deriveKey(secret, purpose));
  return new Approvals({ approvals: store.approvals, runtime, links, clock });
}

export function composeOperators({ store, ids, clock, secret }: House, { passwordCost }: Surroundings = {}): Operators {
  const pepper = (purpose: string) => deriveKey(secret, purpose);
  return createOperators({ store, ids, clock, pepper, ...(passwordCost && { passwordCost }) });
}

/** What people do with knowledge, and what makes documents searchable. */
export function composeKnowledge(house: House, { models, files }: Tools) {
  const { store, ids, clock, egress, log } = house;
  const modelsOf = (tenantId: string) => models.of({ tenantId });
  const bases = new KnowledgeBases({ knowledge: store.knowledge, modelsOf, ids, clock });
  const documents = new Documents({ knowledge: store.knowledge, bases, egress, ids, clock });
  const watch = store.watch.bind(store);
  const indexer = new Indexer({ knowledge: store.knowledge, watch, parse: (call) => files.blocks(call), modelsOf, clock, log });
  return { bases, documents, indexer };
}

/** What is to be forgotten, in time. */
export function composeUpkeep({ store, clock, log, settings }: Pick<House, "store" | "clock" | "log" | "settings">): Service[] {
  const retention = new Retention({ upkeep: store.upkeep, clock, log, days: settings.retentionDays });
  return [retention, new MembersUpkeep({ members: store.members, audit: store.audit, clock, log, auditDays: settings.auditRetentionDays })];
}

/** What people do with what begins runs beside the run API. */
export function composeStarters(house: House, starting: Omit<SchedulesPorts, "schedules" | "clock">) {
  const { store, ids, clock, log } = house;
  return {
    bulkJobs: new BulkJobs({ jobs: store.jobs, runs: store.runs, workflows: store.workflows, ids, clock }),
    hooks: new Hooks({ ...starting, hooks: store.hooks, tokens: hookTokens(house), clock, log }),
    schedules: new Schedules({ ...starting, schedules: store.schedules, clock }),
  };
}

function hookTokens({ secret, sealer, ids }: House): HookTokens {
  return new HookTokens({ pepper: deriveKey(secret, "hook-tokens"), sealer, ids });
}
