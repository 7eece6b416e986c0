import { HOSTED } from "#store/hosted-runs";
import type { Row } from "#store/sql/rows";
import type { RunKey } from "#store/sql/run-columns";
import { RUN_COLUMNS } from "#store/sql/run-row";
import { all, one, type Steps } from "#store/sql/steps";

const TAKE = `
  UPDATE runs SET fence = fence + 1 WHERE tenant_id = ? AND id = ? AND owner = '${HOSTED}' AND ended_at IS NULL RETURNING ${RUN_COLUMNS}, fence`;
const UNSTARTED = `
  SELECT tenant_id, id, accepted_at, entries FROM runs INDEXED BY runs_unfinished
  WHERE owner = '${HOSTED}' AND ended_at IS NULL AND fence = 1 AND accepted_at < ? ORDER BY id LIMIT ?`;

/** Runs that an engine outside drives. */
export const hostedVerbs = {
  /** Its row under a new fence; nothing: there is none to be taken. */
  *takeHosted([tenantId, id]: RunKey): Steps<readonly Row[]> {
    const row = yield* one(TAKE, tenantId, id);
    return row ? [row] : [];
  },
};

export function unstartedHosted(before: number, limit: number): Steps<readonly Row[]> {
  return all(UNSTARTED, before, limit);
}
