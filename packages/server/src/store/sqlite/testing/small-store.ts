import type { DatabaseSync } from "node:sqlite";
import { systemClock } from "#clock";
import { openReader, openWriter } from "#store/sqlite/connections";
import { DataDir } from "#store/sqlite/data-dir";
import { migrate } from "#store/sqlite/migrate";
import { pragma } from "#store/sqlite/pragmas";
import { Reserve } from "#store/sqlite/reserve";
import { SqliteStore } from "#store/sqlite/sqlite-store";
import { inDirectory, recordingLogger } from "#store/sqlite/testing/directory";
import { startLocalWriteLoop } from "#store/sqlite/testing/write-loop";
import { WriterFigures } from "#store/sqlite/writer/figures";
import { OWNER } from "#store/testing/fixture";

interface Bench {
  readonly dataDir: string;
  readonly store: SqliteStore;
  readonly writer: DatabaseSync;
  readonly fatal: readonly Error[];
  /** How the store was released: was everything in the database? */
  readonly released: readonly boolean[];
}

/** A store whose disk has room for so many more pages as `leaveRoom` says. */
export function withSmallStore(body: (bench: Bench) => Promise<void>): () => Promise<void> {
  return inDirectory(async (path) => {
    const dataDir = new DataDir(path);
    dataDir.prepare();
    const writer = openWriter(dataDir.database);
    migrate(writer);
    const fatal: Error[] = [];
    const released: boolean[] = [];
    const { channel, close } = startLocalWriteLoop(writer);
    const store = new SqliteStore({
      ...{
        channel,
        reader: openReader(dataDir.database),
        blobs: dataDir.blobs,
        reserve: new Reserve(dataDir.reserve),
        figures: new WriterFigures(),
        clock: systemClock,
        log: recordingLogger().logger,
      },
      onFatal: (error) => void fatal.push(error),
      release: async (clean) => {
        released.push(clean);
        close();
      },
    });
    await store.begin(OWNER);
    try {
      await body({ dataDir: path, store, writer, fatal, released });
    } finally {
      await store.close();
    }
  });
}

export function leaveRoom(writer: DatabaseSync, pages: number): void {
  writer.exec(`PRAGMA max_page_count = ${Number(pragma(writer, "page_count")) + pages}`);
}
