import type { DatabaseSync } from "node:sqlite";
import { finishedVerbs, sharedVerbs } from "#store/sql/verbs";
import { sqliteDialect } from "#store/sqlite/dialect";
import { finish } from "#store/sqlite/finish";
import { devKeyVerbs } from "#store/sqlite/writer/dev-key-verbs";
import { keyVerbs } from "#store/sqlite/writer/key-verbs";
import { ownerVerbs } from "#store/sqlite/writer/owner-verbs";
import { runVerbs } from "#store/sqlite/writer/run-verbs";
import { suspectVerbs } from "#store/sqlite/writer/suspect-verbs";
import { tellingVerb } from "#store/sqlite/writer/telling-verb";
import { upkeepVerbs } from "#store/sqlite/writer/upkeep-verbs";
import { workflowVerbs } from "#store/sqlite/writer/workflow-verbs";

/** Everything that is ever written. Each verb runs inside a transaction, and twice where another one of its batch fails. */
export function createVerbs(database: DatabaseSync) {
  const verbs = {
    ...runVerbs(database),
    ...ownerVerbs(database),
    ...suspectVerbs(database),
    ...workflowVerbs(database),
    ...keyVerbs(database),
    ...devKeyVerbs(database),
    ...upkeepVerbs(database),
    ...finishedVerbs(sharedVerbs(sqliteDialect), (steps) => finish(database, steps)),
  };
  return { ...verbs, ...tellingVerb(database, verbs) };
}

export type Verbs = ReturnType<typeof createVerbs>;
export type Verb = keyof Verbs;
