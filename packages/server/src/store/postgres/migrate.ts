import pg, { type ClientBase, type Pool } from "pg";
import { StoreInUse, StoreTooNew } from "#store/errors";
import { MIGRATIONS, type Migration, migrationSql } from "#store/postgres/migrations";

/** "MILL" as a number: processes that start at once wait here for one another. */
export const SCHEMA_LOCK = 0x4d494c4c;

/** Written by a migration alone. */
export const VERSION_TABLE = "schema_version";

/** SQLSTATE of a statement that took longer than the pool lets it. */
const CANCELED = "57014";

/**
 * Brings the schema up to date, one transaction for all steps: a death in between leaves it as it was. Rejects with StoreTooNew where a newer
 * release was here, with StoreInUse where the data is being moved.
 */
export async function migrate(pool: Pool, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const client = await pool.connect();
  let isUsable = false;
  try {
    await client.query("BEGIN");
    await lock(client);
    await apply(client, migrations);
    await client.query("COMMIT");
    isUsable = true;
  } finally {
    client.release(!isUsable);
  }
}

/** One that moves the data holds the lock for as long as that takes: too long to wait for. */
async function lock(client: ClientBase): Promise<void> {
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [SCHEMA_LOCK]);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === CANCELED)
      throw new StoreInUse("the database: its schema or its place is being changed");
    throw error;
  }
}

async function apply(client: ClientBase, migrations: readonly Migration[]): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS ${VERSION_TABLE} (version BIGINT PRIMARY KEY)`);
  const { rows } = await client.query<{ version: number }>(`SELECT coalesce(max(version), 0) AS version FROM ${VERSION_TABLE}`);
  const found = rows[0]?.version ?? 0;
  const known = migrations.at(-1)?.version ?? 0;
  if (found > known) throw new StoreTooNew(found, known);
  for (const migration of migrations) {
    if (migration.version <= found) continue;
    await client.query(migrationSql(migration));
    await client.query(`INSERT INTO ${VERSION_TABLE} (version) VALUES ($1)`, [migration.version]);
  }
}
