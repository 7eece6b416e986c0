import { setImmediate as nextTurn } from "node:timers/promises";
import type { Ranked, VectorSearch } from "#store/knowledge-store";
import type { SqlDatabase } from "#store/sql/database";
import { number, type Row } from "#store/sql/rows";
import { all } from "#store/sql/steps";

/** Vectors that are compared in one turn of the event loop: of 1,536 numbers, about a millisecond. */
const VECTORS_AT_ONCE = 256;

/**
 * Exact: no vector is left out, so that what is found depends on nothing but the vectors. No statement is open over an await. `only`: a
 * condition over `found`, for those that something else compares.
 */
export async function searchVectors(
  database: Pick<SqlDatabase, "dialect" | "read">,
  { tenantId, baseId, vector, search: { limit, filter } }: VectorSearch,
  only = "",
): Promise<readonly Ranked[]> {
  const where = database.dialect.metadataFilter(filter);
  const sql = `
    SELECT found.passage_id AS id, found.vector AS vector FROM knowledge_vectors AS found
    JOIN knowledge_documents AS document ON document.tenant_id = found.tenant_id AND document.id = found.document_id
      AND document.live_revision = found.revision
    WHERE found.tenant_id = ? AND found.base_id = ? AND found.passage_id > ?${where.sql}${only}
    ORDER BY found.passage_id LIMIT ?`;
  const best: Ranked[] = [];
  for (let after = 0; ; ) {
    const rows = await database.read(all(sql, tenantId, baseId, after, ...where.values, VECTORS_AT_ONCE));
    for (const row of rows) keepBest(best, { id: number(row, "id"), score: cosine(vector, row) }, limit);
    if (rows.length < VECTORS_AT_ONCE) return best;
    after = number(rows.at(-1) ?? {}, "id");
    await nextTurn();
  }
}

/** Of two vectors of length 1; 0 where they are of different models. */
export function cosine(vector: Float32Array, row: Row): number {
  const bytes = row["vector"];
  if (!(bytes instanceof Uint8Array) || bytes.byteLength !== vector.byteLength) return 0;
  const other = floatsOf(bytes);
  let sum = 0;
  for (let at = 0; at < vector.length; at++) sum += (vector[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

export function floatsOf(bytes: Uint8Array): Float32Array {
  const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(own.buffer, own.byteOffset, own.byteLength / 4);
}

/** Best first, equal ones by their ids, so many at most. */
function keepBest(best: Ranked[], one: Ranked, limit: number): void {
  if (best.length === limit && one.score <= (best.at(-1)?.score ?? 0)) return;
  let at = best.length;
  while (at > 0 && (best[at - 1]?.score ?? 0) < one.score) at -= 1;
  best.splice(at, 0, one);
  if (best.length > limit) best.pop();
}
