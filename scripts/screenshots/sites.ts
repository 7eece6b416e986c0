import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateRuns } from "../../packages/server/src/store/sqlite/testing/generated-runs.ts";
import { type ServerProcess, startServer } from "../bench/process.ts";
import { callerOf } from "./call.ts";
import { emptyPages, muchPages, pagesOf } from "./pages.ts";
import { ADMIN_KEY, OWNER, seed } from "./seed.ts";
import { seedMuch } from "./seed-much.ts";
import type { Shown } from "./shown.ts";

const CLI = new URL("../../packages/server/src/cli/main.ts", import.meta.url);
const HISTORY = 10_000;

/** A server with the pages that are pictured of it. */
export interface Site {
  readonly origin: string;
  readonly pages: readonly Shown[];
}

type Use = (site: Site) => Promise<void>;

/** Servers one after another: the first is in use, nobody has used the second, and on the third everything is many and long. */
const SITES = { usual, empty, much };

/** @param words names of pages, each of which begins with the site's unless that is the usual one; none: every site */
export async function eachSite(words: readonly string[], use: Use): Promise<void> {
  const siteOf = (word: string) => /^(?:empty|much)(?=-|$)/.exec(word)?.[0] ?? "usual";
  for (const [name, site] of Object.entries(SITES)) {
    if (words.length === 0 || words.some((word) => siteOf(word) === name)) await inFolder(site, use);
  }
}

async function inFolder(site: (dataDir: string, use: Use) => Promise<void>, use: Use): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-screenshots-"));
  try {
    await site(dataDir, use);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function usual(dataDir: string, use: Use): Promise<void> {
  await running(dataDir, async (origin) => use({ origin, pages: pagesOf(await seed(origin)) }));
}

async function empty(dataDir: string, use: Use): Promise<void> {
  await running(dataDir, async (origin) => {
    await callerOf(origin, ADMIN_KEY).admit(OWNER, "owner", "Ada");
    await use({ origin, pages: emptyPages() });
  });
}

async function much(dataDir: string, use: Use): Promise<void> {
  const { seeded, workflows } = await running(dataDir, seedMuch);
  generateRuns(dataDir, workflows, HISTORY);
  await running(dataDir, (origin) => use({ origin, pages: muchPages(seeded) }));
}

async function running<Result>(dataDir: string, work: (origin: string) => Promise<Result>): Promise<Result> {
  const server: ServerProcess = await startServer(CLI, ["start", "--port", "0"], {
    MILLRACE_DATA_DIR: dataDir,
    MILLRACE_ADMIN_KEY: ADMIN_KEY,
    MILLRACE_EGRESS_ALLOW: "127.0.0.1",
  });
  try {
    return await work(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.stop();
  }
}
