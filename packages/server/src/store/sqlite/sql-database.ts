import type { DatabaseSync } from "node:sqlite";
import { StoreFull } from "#store/errors";
import type { SqlDatabase } from "#store/sql/database";
import { withDeeds } from "#store/sql/deeds";
import type { SharedVerb } from "#store/sql/verbs";
import { sqliteDialect } from "#store/sqlite/dialect";
import { reading } from "#store/sqlite/failure";
import { finisher } from "#store/sqlite/finish";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change } from "#store/store";

/** Whoever drives a run makes its writes again, in their order; and no run is accepted from the first write on that found no room. */
const OF_RUNS: ReadonlySet<SharedVerb> = new Set(["accept", "append", "extend"] as const);

type Write = (verb: SharedVerb, args: readonly unknown[], bytes?: number) => Promise<unknown>;

/** Reads are answered at once by a connection that cannot write; the thread that writes knows the shared verbs by their names. */
export function sqlDatabase(writer: Writer, reader: DatabaseSync, changed: (change: Change) => void): SqlDatabase {
  // Each shared verb is one of the writer's, with the same arguments and outcome (FinishedVerbs), which no type of a name can say.
  const once = writer.write.bind(writer) as unknown as Write;
  const write: Write = (verb, ...written) => (OF_RUNS.has(verb) ? once(verb, ...written) : intoReserve(() => once(verb, ...written)));
  const finish = finisher(reader);
  const read: SqlDatabase["read"] = async (steps) => reading(() => finish(steps));
  return withDeeds({
    dialect: sqliteDialect,
    read,
    write: write as SqlDatabase["write"],
    changed,
    changedEverywhere: async (change) => changed(change),
  });
}

/** Made again where it finds the disk full: the first that does has the reserve given up for what is to be written then. */
async function intoReserve<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof StoreFull)) throw error;
    return write();
  }
}
