import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenOptions, openSqliteStore } from "#store/sqlite/open";
import type { Store } from "#store/store";
import { fixtureOf, OWNER, type StoreFixture } from "#store/testing/fixture";

/** A data directory of a test's own; removed by `remove`. */
function temporaryDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "millrace-store-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const opened: Store[] = [];

/** Opens a store that is closed at the end of the test, also where that fails: the thread of an open one would keep the process alive. */
export async function openStore(options: OpenOptions): Promise<Store> {
  const store = await openSqliteStore(options);
  opened.push(store);
  return store;
}

/** Runs a test in a data directory of its own. */
export function inDirectory(test: (dataDir: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const directory = temporaryDirectory();
    try {
      await test(directory.path);
    } finally {
      for (const store of opened.splice(0)) await store.close();
      directory.remove();
    }
  };
}

/** A logger that keeps what it is told. */
export function recordingLogger() {
  const said: { readonly level: string; readonly fields: unknown; readonly message: unknown }[] = [];
  const at =
    (level: string) =>
    (...[fields, message]: unknown[]): void =>
      void said.push({ level, fields, message });
  return { said, logger: { info: at("info"), warn: at("warn"), error: at("error") } };
}

export function openFixture(options: Partial<OpenOptions> = {}): Promise<StoreFixture> {
  const { path, remove } = temporaryDirectory();
  return fixtureOf((clock) => openSqliteStore({ dataDir: path, owner: OWNER, clock, ...options }), remove);
}
