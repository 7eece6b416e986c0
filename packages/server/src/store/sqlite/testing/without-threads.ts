import { openWriter } from "#store/sqlite/connections";
import { storeError } from "#store/sqlite/failure";
import { damageIn, type IntegrityCheck } from "#store/sqlite/integrity";
import { type OpenOptions, openSqliteStore } from "#store/sqlite/open";
import { quickCheck } from "#store/sqlite/quick-check";
import { startLocalWriteLoop } from "#store/sqlite/testing/write-loop";
import type { WriterFigures } from "#store/sqlite/writer/figures";
import type { WriterThread } from "#store/sqlite/writer/start-thread";
import type { Store } from "#store/store";

/** As a start opens it, with the same code, all of it in this thread: for who opens hundreds, whose threads would cost far more than their work. */
export function openWithoutThreads(options: OpenOptions): Promise<Store> {
  return openSqliteStore(options, { startWriter, startCheck });
}

function startWriter(path: string, figures: WriterFigures, logBytes: number): WriterThread {
  const database = openWriter(path);
  const { channel, close } = startLocalWriteLoop(database, figures, logBytes);
  const stop = async (): Promise<void> => {
    close();
    // The write loop closes it where it is told to; after a failed start nobody tells it.
    if (database.isOpen) database.close();
  };
  return { channel, onLost: () => undefined, stop };
}

function startCheck(path: string): IntegrityCheck {
  const done = checked(path);
  done.catch(() => undefined);
  return { withinBudget: done.then(() => true), done, stop: async () => undefined };
}

async function checked(path: string): Promise<void> {
  try {
    const damage = damageIn(quickCheck(path));
    if (damage) throw damage;
  } catch (thrown) {
    throw storeError(thrown);
  }
}
