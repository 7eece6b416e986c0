import type { DatabaseSync } from "node:sqlite";
import { finishedVerbs, sharedVerbs } from "#store/sql/verbs";
import { sqliteDialect } from "#store/sqlite/dialect";
import { finisher } from "#store/sqlite/finish";
import { segmentLog } from "#store/sqlite/writer/segment-log";
import { shrink } from "#store/sqlite/writer/shrink";

/** Everything that is ever written. Each verb runs inside a transaction, and twice where another one of its batch fails. */
export function createVerbs(database: DatabaseSync) {
  return {
    ...finishedVerbs(sharedVerbs(sqliteDialect, segmentLog(database)), finisher(database)),
    shrink: () => shrink(database),
  };
}

export type Verbs = ReturnType<typeof createVerbs>;
export type Verb = keyof Verbs;
