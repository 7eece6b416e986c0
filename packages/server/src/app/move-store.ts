import type { Settings } from "#config/settings";
import { passageWords } from "#knowledge/passage-words";
import type { Logger } from "#log";
import type { Movable, MoveTarget } from "#store/sql/movable";
import { type MoveResult, type MoveStep, moveStore } from "#store/sql/move";
import { text } from "#store/sql/rows";
import { openSqliteOrigin, openSqliteTarget } from "#store/sqlite/movable";

/** sqlite: the data directory; postgres: the database that the settings name. */
export type StoreKind = "sqlite" | "postgres";

export interface MoveData {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly to: StoreKind;
  readonly log: Logger;
  progress(step: MoveStep): void;
}

export interface DataMoved extends MoveResult {
  /** As people may read them. */
  readonly from: string;
  readonly to: string;
}

/** Everything from the data directory into the database, or back. Rejects with what either store says. */
export async function moveData({ settings: { dataDir, version }, databaseUrl, to: kind, log, progress }: MoveData): Promise<DataMoved> {
  const { openMovablePostgres } = await import("#store/postgres/movable");
  const origin: Movable =
    kind === "postgres" ? await openSqliteOrigin({ dataDir, version, logger: log }) : await openMovablePostgres(databaseUrl);
  try {
    const target: MoveTarget = kind === "postgres" ? await openMovablePostgres(databaseUrl) : openSqliteTarget(dataDir);
    try {
      const wordsOf = (passage: Parameters<typeof text>[0], base: string) =>
        passageWords(text(passage, "text"), text(passage, "place"), base);
      return { ...(await moveStore({ from: origin, to: target, wordsOf, progress })), from: origin.name, to: target.name };
    } finally {
      await target.close();
    }
  } finally {
    await origin.close();
  }
}
