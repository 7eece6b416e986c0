import type { Ranked, VectorSearch } from "#store/knowledge-store";
import type { Dialect } from "#store/sql/dialect";
import type { Outcome, Steps } from "#store/sql/steps";
import type { SharedVerb, SharedVerbs } from "#store/sql/verbs";
import type { Change } from "#store/store";

/** A database as those stores see it that are the same on each. */
export interface SqlDatabase {
  readonly dialect: Dialect;
  /** Runs steps that change nothing. */
  read<T>(steps: Steps<T>): Promise<T>;
  /** Resolves with what the verb comes to once what it wrote is durable. `bytes`: what it writes, roughly. */
  write<V extends SharedVerb>(verb: V, args: Parameters<SharedVerbs[V]>, bytes?: number): Promise<Outcome<SharedVerbs[V]>>;
  /** The same passages as when all vectors are read and compared here, where the database can compare them itself. */
  readonly nearest?: (wanted: VectorSearch) => Promise<readonly Ranked[]>;
  /** Tells whoever watches the store. */
  changed(change: Change): void;
  /** The same; resolves when every process that has the store was told, or may be gone: what it answers next is as changed. */
  changedEverywhere(change: Change): Promise<void>;
}
