import { Deed, type Telling } from "#deed";
import type { SqlDatabase } from "#store/sql/database";
import type { Told } from "#store/sql/telling-verb";
import type { SharedVerb } from "#store/sql/verbs";

/** What goes before a change, or beside it, and is none that anybody asked for. */
const PREPARING: ReadonlySet<SharedVerb> = new Set([
  ...(["claim", "wakeOne", "giveBack", "sleep", "renew", "keepDraft", "appendAudit"] as const),
  ...(["touchKeys", "touchSession", "touchVaultRow"] as const),
]);

type Write = (verb: SharedVerb, args: readonly unknown[], bytes?: number) => Promise<unknown>;

/** The same database, whose first change in a deed has the row of the audit log that tells of that in its transaction. */
export function withDeeds(database: SqlDatabase): SqlDatabase {
  const plain = database.write.bind(database) as Write;
  const write: Write = (verb, args, bytes) => {
    const deeds = Deed.underWay();
    const offered = deeds.length === 0 || PREPARING.has(verb) ? [] : offersOf(deeds);
    return offered.length > 0 ? tell(plain, offered, verb, args, bytes) : plain(verb, args, bytes);
  };
  return { ...database, write: write as SqlDatabase["write"] };
}

interface Offer {
  readonly deed: Deed;
  readonly telling: Telling;
}

function offersOf(deeds: readonly Deed[]): readonly Offer[] {
  return deeds.flatMap((deed) => {
    const telling = deed.offer();
    return telling ? [{ deed, telling }] : [];
  });
}

async function tell(write: Write, offered: readonly Offer[], verb: SharedVerb, args: readonly unknown[], bytes?: number): Promise<unknown> {
  let isTold = false;
  try {
    const told = (await write("tell", [offered.map(({ telling }) => telling), verb, args], bytes)) as Told;
    isTold = told.isTold;
    return told.answer;
  } finally {
    for (const { deed } of offered) deed.settle(isTold);
  }
}
