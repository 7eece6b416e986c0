import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, DEFAULT_TENANT } from "#app";
import type { ServedFlow } from "#cli/dev/flows";

/** A key in a file of the data directory. */
export interface DevKey {
  readonly id: string;
  /** First and last characters. */
  readonly hint: string;
  readonly file: string;
  readonly created: boolean;
}

const PRIVATE = 0o600;

export interface DevKeys {
  readonly admin: DevKey;
  /** Of the line that people paste; null: there is no workflow to have a key for. */
  readonly first: DevKey | null;
}

/**
 * Keeps two keys in files of mode 0600: `admin.key`, which the commands on this machine use, and `dev.key`, which selects one workflow.
 * Those that still work are kept.
 */
export async function devKeys(app: App, dataDir: string, first: ServedFlow | null): Promise<DevKeys> {
  const admin = await keepKey(app, join(dataDir, "admin.key"), null);
  return { admin, first: first === null ? null : await keepKey(app, join(dataDir, "dev.key"), first.id) };
}

async function keepKey(app: App, file: string, workflowId: string | null): Promise<DevKey> {
  const known = readKey(file);
  const row = known === null ? null : await workingRow(app, known, workflowId);
  if (known !== null && row !== null) {
    chmodSync(file, PRIVATE);
    return { id: row.id, hint: hintOf(known), file, created: false };
  }
  const request =
    workflowId === null ? { name: "millrace dev, admin", scopes: ["admin"] as const } : { name: "millrace dev", workflows: [workflowId] };
  const { key, row: made } = await app.apiKeys.create(DEFAULT_TENANT, request);
  writeFileSync(`${file}.new`, `${key}\n`, { mode: PRIVATE });
  renameSync(`${file}.new`, file);
  if (known !== null) await revoke(app, known);
  return { id: made.id, hint: hintOf(key), file, created: true };
}

function readKey(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** null: it is no key of this server that works for exactly this workflow (null: for all). */
async function workingRow(app: App, key: string, workflowId: string | null): Promise<{ readonly id: string } | null> {
  const row = await app.store.keys.findByHash(app.apiKeys.hash(key));
  if (!row || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= Date.now())) return null;
  const reached = row.workflowIds;
  const fits =
    workflowId === null
      ? reached === null && row.scopes.includes("admin") && (row.role ?? "owner") === "owner"
      : reached?.length === 1 && reached[0] === workflowId;
  return fits ? row : null;
}

/** The key that the file held before is in no file any more. */
async function revoke(app: App, key: string): Promise<void> {
  const row = await app.store.keys.findByHash(app.apiKeys.hash(key));
  if (row && row.revokedAt === null) await app.apiKeys.revoke(DEFAULT_TENANT, row.id);
}

function hintOf(key: string): string {
  return `${key.slice(0, 6)}…${key.slice(-4)}`;
}
