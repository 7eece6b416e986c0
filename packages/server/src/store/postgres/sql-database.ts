import type { Pool } from "pg";
import type { Changes } from "#store/postgres/changes";
import type { Committer } from "#store/postgres/committer";
import { postgresDialect } from "#store/postgres/dialect";
import { storeError } from "#store/postgres/failure";
import { runSteps } from "#store/postgres/run-steps";
import { segmentBlocks } from "#store/postgres/segment-blocks";
import type { SqlDatabase } from "#store/sql/database";
import type { Outcome, Steps } from "#store/sql/steps";
import { RUN_VERBS, type SharedVerb, type SharedVerbs, sharedVerbs } from "#store/sql/verbs";

export interface SqlDatabaseParts {
  readonly pool: Pool;
  /** Writes runs, which change the rows that they read. */
  readonly runs: Committer;
  /** Writes everything else. */
  readonly others: Committer;
  readonly changes: Pick<Changes, "tell" | "tellEverybody">;
  /** null: the database cannot compare vectors. */
  readonly nearest: NonNullable<SqlDatabase["nearest"]> | null;
}

/** Reads take a connection for each statement; what is written waits for its group. */
export function sqlDatabase({ pool, runs, others, changes, nearest }: SqlDatabaseParts): SqlDatabase {
  const verbs = sharedVerbs(postgresDialect, segmentBlocks());
  return {
    dialect: postgresDialect,

    async read(steps) {
      try {
        return await runSteps(pool, steps);
      } catch (error) {
        throw storeError(error);
      }
    },

    write<V extends SharedVerb>(verb: V, args: Parameters<SharedVerbs[V]>): Promise<Outcome<SharedVerbs[V]>> {
      // The arguments are those of the verb, which a type of a name cannot say of the function behind it.
      const call = verbs[verb] as (...given: readonly unknown[]) => Steps<Outcome<SharedVerbs[V]>>;
      return (RUN_VERBS.has(verb) ? runs : others).write(() => call(...args));
    },

    changed: (change) => changes.tell(change),
    changedEverywhere: (change) => changes.tellEverybody(change),
    ...(nearest && { nearest }),
  };
}
