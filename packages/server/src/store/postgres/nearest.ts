import type { ClientBase, Pool } from "pg";
import type { Logger } from "#log";
import type { Ranked, VectorSearch } from "#store/knowledge-store";
import { postgresDialect } from "#store/postgres/dialect";
import { storeError } from "#store/postgres/failure";
import { SCHEMA_LOCK } from "#store/postgres/migrate";
import { runSteps } from "#store/postgres/run-steps";
import { cosine, floatsOf, searchVectors } from "#store/sql/knowledge-vectors";
import { number, type Row } from "#store/sql/rows";
import { all, type Steps } from "#store/sql/steps";

// pgvector, where the database has it: vectors are compared beside the data, and only the best of them cross the network. The extension keeps
// a copy of each vector in a type of its own, beside the one that is the store's: whoever moves the data, or has no extension, misses nothing.

/** Beyond those that are wanted: the extension reckons with fewer digits, and two that are nearly equal may come out the other way round. */
const SPARE = 32;

/** Copied in one statement. */
const COPIED_TOGETHER = 256;

/** As many numbers as the extension's type may have. */
const MAX_DIMENSIONS = 16_000;

/** SQLSTATEs of a table, or of a row, that is gone meanwhile. */
const GONE = new Set(["42P01", "23503"]);

const AVAILABLE = "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'";
const MAKE = `
  CREATE EXTENSION IF NOT EXISTS vector;
  CREATE TABLE IF NOT EXISTS knowledge_embeddings (
    passage_id BIGINT PRIMARY KEY REFERENCES knowledge_vectors (passage_id) ON DELETE CASCADE,
    embedding vector NOT NULL
  )`;
const NOT_COPIED = " AND NOT EXISTS (SELECT FROM knowledge_embeddings AS copy WHERE copy.passage_id = found.passage_id)";
const UNCOPIED = `
  SELECT found.passage_id AS id, found.vector AS vector FROM knowledge_vectors AS found
  WHERE found.passage_id > ? AND length(found.vector) BETWEEN 4 AND ${MAX_DIMENSIONS * 4}${NOT_COPIED} ORDER BY found.passage_id LIMIT ${COPIED_TOGETHER}`;
const COPY = `
  INSERT INTO knowledge_embeddings (passage_id, embedding)
  SELECT copied.id, CAST(copied.embedding AS vector) FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[])) AS copied (id, embedding)
  ON CONFLICT (passage_id) DO NOTHING`;

/** Makes what the search needs; null where the database has no extension for it, or this user may not have it. */
export async function openNearest(pool: Pool, log: Pick<Logger, "info" | "warn">): Promise<Nearest | null> {
  const client = await pool.connect();
  let isUsable = false;
  try {
    const isMade = await made(client, log);
    isUsable = true;
    return isMade ? new Nearest(pool, log) : null;
  } finally {
    client.release(!isUsable);
  }
}

/** One process at a time, as the schema. */
async function made(client: ClientBase, log: Pick<Logger, "info" | "warn">): Promise<boolean> {
  if ((await client.query(AVAILABLE)).rows.length === 0) return false;
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [SCHEMA_LOCK]);
    await client.query(MAKE);
    await client.query("COMMIT");
    log.info({}, "vectors are compared in the database, by pgvector");
    return true;
  } catch (error) {
    await client.query("ROLLBACK");
    log.warn({ err: error }, "pgvector is there and cannot be used: vectors are compared in this process");
    return false;
  }
}

/** Finds what `searchVectors` finds. */
export class Nearest {
  readonly #pool: Pool;
  readonly #log: Pick<Logger, "warn">;
  #copying: Promise<void> | null = null;
  #isStopped = false;

  constructor(pool: Pool, log: Pick<Logger, "warn">) {
    this.#pool = pool;
    this.#log = log;
    this.#copySoon();
  }

  async search(wanted: VectorSearch): Promise<readonly Ranked[]> {
    const { limit } = wanted.search;
    const read = async <T>(steps: Steps<T>): Promise<T> => {
      try {
        return await runSteps(this.#pool, steps);
      } catch (error) {
        throw storeError(error);
      }
    };
    // Those without a copy first: one that gets its copy meanwhile is found twice, and not never.
    const rest = await searchVectors({ dialect: postgresDialect, read }, wanted, NOT_COPIED);
    if (rest.length > 0) this.#copySoon();
    const best = (await read(nearest(wanted, limit + SPARE))).map((row) => ({ id: number(row, "id"), score: cosine(wanted.vector, row) }));
    const found = new Map([...rest, ...best].map((one) => [one.id, one]));
    return [...found.values()].sort((left, right) => right.score - left.score || left.id - right.id).slice(0, limit);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** What was written by processes without the extension, or just now. */
  #copySoon(): void {
    this.#copying ??= this.#copyAll()
      .catch((error: unknown) => {
        // They are compared here until the next try.
        if (!this.#isStopped) this.#log.warn({ err: error }, "vectors could not be copied for pgvector");
      })
      .finally(() => {
        this.#copying = null;
      });
  }

  async #copyAll(): Promise<void> {
    for (let after = 0; !this.#isStopped; ) {
      const rows = await runSteps(this.#pool, all(UNCOPIED, after));
      await this.#copy(rows.map(copyOf).filter((copy) => copy !== null));
      if (rows.length < COPIED_TOGETHER) return;
      after = number(rows.at(-1) ?? {}, "id");
    }
  }

  async #copy(copies: readonly (readonly [id: number, embedding: string])[]): Promise<void> {
    if (copies.length === 0) return;
    try {
      await this.#pool.query(COPY, [copies.map(([id]) => id), copies.map(([, embedding]) => embedding)]);
    } catch (error) {
      // A document that is deleted takes its vectors along: the next look does without them.
      if (!GONE.has((error as { code?: string }).code ?? "")) throw error;
    }
  }
}

/** null: not a vector of the extension. */
function copyOf(row: Row): readonly [id: number, embedding: string] | null {
  const { vector } = row;
  if (!(vector instanceof Uint8Array)) return null;
  const numbers = floatsOf(vector);
  return numbers.every(Number.isFinite) ? [number(row, "id"), spelled(numbers)] : null;
}

const spelled = (numbers: Float32Array): string => `[${numbers.join(",")}]`;

/** The live passages with the greatest products, of those that have a copy; those of another model count as 0, as ever. */
function* nearest({ tenantId, baseId, vector, search: { filter } }: VectorSearch, limit: number): Steps<readonly Row[]> {
  const where = postgresDialect.metadataFilter(filter);
  return yield* all(
    `SELECT best.id AS id, whole.vector AS vector FROM (
       SELECT found.passage_id AS id,
         CASE WHEN vector_dims(copy.embedding) = ? THEN copy.embedding <#> CAST(? AS vector) ELSE 0 END AS distance
       FROM knowledge_vectors AS found
       JOIN knowledge_embeddings AS copy ON copy.passage_id = found.passage_id
       JOIN knowledge_documents AS document ON document.tenant_id = found.tenant_id AND document.id = found.document_id
         AND document.live_revision = found.revision
       WHERE found.tenant_id = ? AND found.base_id = ?${where.sql}
       ORDER BY distance, id LIMIT ?) AS best
     JOIN knowledge_vectors AS whole ON whole.passage_id = best.id ORDER BY best.id`,
    ...[vector.length, spelled(vector), tenantId, baseId, ...where.values, limit],
  );
}
