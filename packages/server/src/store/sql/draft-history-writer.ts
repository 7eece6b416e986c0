import { hash } from "node:crypto";
import { DRAFT_ENTRY_MS, DRAFT_HISTORY_BYTES, DRAFT_HISTORY_ENTRIES, type SaveOrigin } from "#store/draft-store";
import {
  DRAFT_ENTRY_COLUMNS,
  draftEntryChecksum,
  draftEntryColumns,
  readDraftEntry,
  type StoredDraftEntry,
} from "#store/sql/draft-entry-row";
import { number } from "#store/sql/rows";
import { all, insert, one, run, type Steps } from "#store/sql/steps";

// The history of drafts, kept within its bounds. Everything here is inside a transaction.

/** One save, whatever became of it. */
export interface KeptSave extends SaveOrigin {
  /** JSON text. */
  readonly document: string;
  readonly revision: number;
  readonly at: number;
}

const OF_WORKFLOW = "FROM draft_history WHERE tenant_id = ? AND workflow_id = ?";
const LAST = `SELECT ${DRAFT_ENTRY_COLUMNS} ${OF_WORKFLOW} ORDER BY entry DESC LIMIT 1`;
const INSERT = insert("draft_history", `${DRAFT_ENTRY_COLUMNS}, document`);

/** Saves of one editor in a row are one entry. Comes to its number. */
export function* keepSave(tenantId: string, workflowId: string, outcome: StoredDraftEntry["outcome"], save: KeptSave): Steps<number> {
  const last = yield* lastSave(tenantId, workflowId);
  const continued = last !== null && continues(last, outcome, save);
  if (continued) yield* run(`DELETE ${OF_WORKFLOW} AND entry = ?`, tenantId, workflowId, last.entry);
  const row: StoredDraftEntry = {
    tenantId,
    workflowId,
    entry: (last?.entry ?? 0) + 1,
    outcome,
    revision: save.revision,
    editor: save.editor ?? null,
    author: save.by ?? null,
    begunAt: continued ? last.begunAt : save.at,
    savedAt: save.at,
    bytes: Buffer.byteLength(save.document),
    hash: hash("sha256", save.document, "hex"),
  };
  yield* run(INSERT, ...draftEntryColumns(row), draftEntryChecksum(row), save.document);
  yield* forgetOldest(tenantId, workflowId);
  return row.entry;
}

export function* lastSave(tenantId: string, workflowId: string): Steps<StoredDraftEntry | null> {
  const row = yield* one(LAST, tenantId, workflowId);
  return row ? readDraftEntry(row) : null;
}

export function* forgetSaves(tenantId: string, workflowId: string): Steps<void> {
  yield* run(`DELETE ${OF_WORKFLOW}`, tenantId, workflowId);
}

function* forgetOldest(tenantId: string, workflowId: string): Steps<void> {
  let bytes = 0;
  const rows = yield* all(`SELECT entry, bytes ${OF_WORKFLOW} ORDER BY entry DESC`, tenantId, workflowId);
  for (const [at, row] of rows.entries()) {
    bytes += number(row, "bytes");
    if (at === 0 || (at < DRAFT_HISTORY_ENTRIES && bytes <= DRAFT_HISTORY_BYTES)) continue;
    yield* run(`DELETE ${OF_WORKFLOW} AND entry <= ?`, tenantId, workflowId, number(row, "entry"));
    return;
  }
}

function continues(last: StoredDraftEntry, outcome: StoredDraftEntry["outcome"], { editor, by, revision, at }: KeptSave): boolean {
  if (editor === undefined || last.editor !== editor || last.outcome !== outcome || last.author?.id !== by?.id) return false;
  // What a refused save started from stays the same until its editor has seen the conflict.
  const follows = outcome === "saved" ? revision === last.revision + 1 : revision === last.revision;
  return follows && at - last.begunAt < DRAFT_ENTRY_MS;
}
