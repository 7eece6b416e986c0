import type { DatabaseSync } from "node:sqlite";
import type { SqlDatabase } from "#store/sql/database";
import { withDeeds } from "#store/sql/deeds";
import { sqliteDialect } from "#store/sqlite/dialect";
import { reading } from "#store/sqlite/failure";
import { finisher } from "#store/sqlite/finish";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change } from "#store/store";

/** Reads are answered at once by a connection that cannot write; the thread that writes knows the shared verbs by their names. */
export function sqlDatabase(writer: Writer, reader: DatabaseSync, changed: (change: Change) => void): SqlDatabase {
  // Each shared verb is one of the writer's, with the same arguments and outcome (FinishedVerbs), which no type of a name can say.
  const write = writer.write.bind(writer) as unknown as SqlDatabase["write"];
  const finish = finisher(reader);
  return withDeeds({ dialect: sqliteDialect, read: async (steps) => reading(() => finish(steps)), write, changed });
}
