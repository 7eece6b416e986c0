import type { NewShare } from "#store/share-store";
import { SHARE_COLUMNS, shareColumns } from "#store/sql/share-row";
import { insert, one, run, type Steps } from "#store/sql/steps";

const INSERT = insert("run_shares", SHARE_COLUMNS);
const DELETE = "DELETE FROM run_shares WHERE tenant_id = ? AND run_id = ? AND id = ? RETURNING id";

export const shareVerbs = {
  *createShare(tenantId: string, share: NewShare): Steps<void> {
    yield* run(INSERT, ...shareColumns({ ...share, tenantId }));
  },

  /** False: there is none. */
  *deleteShare(tenantId: string, runId: string, id: string): Steps<boolean> {
    return (yield* one(DELETE, tenantId, runId, id)) !== undefined;
  },
};
