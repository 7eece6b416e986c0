import { type Telling, tellingOf } from "#deed";
import { failpoint } from "#failpoint";
import { auditVerbs } from "#store/sql/audit-verbs";
import type { Statement, Steps } from "#store/sql/steps";

export interface Told {
  /** What the verb answered. */
  readonly answer: unknown;
  /** It changed something, and its rows are written. */
  readonly isTold: boolean;
}

type AnyVerb = (...args: readonly unknown[]) => Steps<unknown>;

/** A change with the rows that tell of it: all are in one transaction, so that none is ever there without the other. */
export function tellingVerb(verbs: object) {
  const byName = verbs as { readonly [verb: string]: AnyVerb };
  return {
    *tell(tellings: readonly Telling[], verb: string, args: readonly unknown[]): Steps<Told> {
      const call = byName[verb];
      if (!call) throw new TypeError(`no verb is named ${verb}`);
      const { answer, changes } = yield* counting(call(...args));
      if (changes === 0) return { answer, isTold: false };
      failpoint("audit.afterChange", verb);
      for (const telling of tellings) {
        const { tenantId, entry } = tellingOf(telling, answer);
        yield* auditVerbs.appendAudit(tenantId, entry);
      }
      return { answer, isTold: true };
    },
  };
}

/** How many rows the steps changed, beside what they come to. */
function* counting(steps: Steps<unknown>): Steps<{ readonly answer: unknown; readonly changes: number }> {
  let changes = 0;
  let step = steps.next();
  while (!step.done) {
    // Not the last any more: the rows come after it.
    const answer = yield { ...step.value, isLast: false, isAlone: false };
    changes += isRead(step.value) ? 0 : Math.max(answer.changes, answer.rows.length);
    step = steps.next(answer);
  }
  return { answer: step.value, changes };
}

function isRead({ sql, wants }: Statement): boolean {
  return wants === "rows" && /^\s*(SELECT|WITH)\b/.test(sql);
}
