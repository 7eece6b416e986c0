import type { DatabaseSync } from "node:sqlite";
import type { NewAuditEntry } from "#deed";
import { type Telling, tellingOf } from "#deed";
import { failpoint } from "#failpoint";

export interface Told {
  /** What the verb answered. */
  readonly answer: unknown;
  /** It changed something, and its row is written. */
  readonly isTold: boolean;
}

interface Auditing {
  appendAudit(tenantId: string, entry: NewAuditEntry): void;
}

/** A change with the row that tells of it: both are in one transaction, so that neither is ever there without the other. */
export function tellingVerb(database: DatabaseSync, verbs: Auditing) {
  const changes = database.prepare("SELECT total_changes() AS n");
  const count = (): unknown => changes.get()?.["n"];
  return {
    tell(telling: Telling, verb: string, args: readonly unknown[]): Told {
      const before = count();
      const answer = (verbs as unknown as { readonly [verb: string]: (...args: readonly unknown[]) => unknown })[verb]?.(...args);
      if (count() === before) return { answer, isTold: false };
      failpoint("audit.afterChange", verb);
      const { tenantId, entry } = tellingOf(telling, answer);
      verbs.appendAudit(tenantId, entry);
      return { answer, isTold: true };
    },
  };
}
