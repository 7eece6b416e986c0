import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { openWithoutThreads } from "../../../packages/server/src/store/sqlite/testing/without-threads.ts";
import type { Store } from "../../../packages/server/src/store/store.ts";
import { pragma, withFile } from "../harness/sqlite-file.ts";
import type { Told } from "./told.ts";

const TENANT = "default";

/** More than any recording has. */
const ALL = 10_000;

/** What a run that was told as under way may be. */
const FOLLOWING = new Set(["PENDING", "RUNNING", "SUCCEED", "FAILED"]);

export interface Findings {
  /** Runs, effects and keys that the world was told of and that are not there. */
  readonly lost: readonly string[];
  /** Why the store cannot be opened, or does not verify; null: it does. */
  readonly corrupt: string | null;
}

/** How a start opens a data directory. */
export type OpenStore = typeof openWithoutThreads;

/** Opens the data directory as a start does, and looks for everything that was told. Changes it. */
export async function inspect(open: OpenStore, dataDir: string, told: Told, secret: string | null): Promise<Findings> {
  const lost: string[] = [];
  try {
    const store = await open({ dataDir, owner: "inspector", onFatal: () => undefined });
    try {
      lost.push(...lostKeys(dataDir, told, secret), ...(await lostRuns(store, told)));
      lost.push(...(await lostEffects(store, told)));
      return { lost, corrupt: await damageOf(store, dataDir) };
    } finally {
      await store.close();
    }
  } catch (thrown) {
    return { lost, corrupt: String(thrown) };
  }
}

async function lostRuns(store: Store, { runs }: Told): Promise<string[]> {
  const lost: string[] = [];
  for (const [id, status] of runs) {
    const found = await store.runs.view(TENANT, null, id).then((run) => run?.status ?? "unknown", String);
    const ended = status === "SUCCEED" || status === "FAILED";
    const isThere = found === status || (!ended && FOLLOWING.has(found));
    if (!isThere) lost.push(`run ${id} was told as ${status} and is ${found}`);
  }
  return lost;
}

/** What others may have observed was announced in the journal before. */
async function lostEffects(store: Store, { effects }: Told): Promise<string[]> {
  const lost: string[] = [];
  for (const effect of effects) {
    const [id = "", path = ""] = effect.split(":");
    const entries = await store.runs.journal(TENANT, id);
    if (!entries.some((entry) => entry.type === "node-started" && entry.path === path)) lost.push(`effect ${effect} has no announcement`);
  }
  return lost;
}

/** Without the secret that they are hashed with, no key is known any more. */
function lostKeys(dataDir: string, { keys }: Told, secret: string | null): string[] {
  if (!keys) return [];
  const found = readSecret(dataDir);
  return found === secret ? [] : [`the secret of the API keys is ${found === null ? "gone" : "another"}`];
}

export function readSecret(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, "secret.key"), "utf8");
  } catch {
    return null;
  }
}

/** Every journal verifies, every unfinished run can be taken over, and the database is whole. */
async function damageOf(store: Store, dataDir: string): Promise<string | null> {
  const unfinished = await store.runs.countUnfinished();
  const claimed = await store.runs.takeOver("inspector", ALL);
  if (claimed.length !== unfinished) return `${claimed.length} of ${unfinished} unfinished runs can be taken over`;
  for (const { id } of await store.runs.list(TENANT, { limit: ALL })) await store.runs.journal(TENANT, id);
  const verdict = withFile(dataDir, (database) => pragma(database, "integrity_check"));
  return verdict === "ok" ? null : verdict;
}
