import type { Pool } from "pg";

const COLUMNS = `
  SELECT format('%s.%s %s%s%s', c.table_name, c.column_name, c.data_type, CASE WHEN c.collation_name IS NULL THEN '' ELSE ' ' || c.collation_name END,
    CASE WHEN c.is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END) AS line
  FROM information_schema.columns AS c WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position`;
const CONSTRAINTS = `
  SELECT format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) AS line
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY conrelid::regclass::text COLLATE "C", conname COLLATE "C"`;
const INDEXES = `SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname COLLATE "C"`;
const TRIGGERS = `SELECT pg_get_triggerdef(oid) AS line FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname COLLATE "C"`;
const FUNCTIONS = `
  SELECT pg_get_functiondef(oid) AS line FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname COLLATE "C"`;
const SEQUENCES = `
  SELECT format('%s by %s', sequencename, increment_by) AS line FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename COLLATE "C"`;

/** All that the database knows of the schema, as text. */
export async function describeSchema(pool: Pool): Promise<string> {
  const parts: string[] = [];
  for (const sql of [COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS, SEQUENCES]) {
    const { rows } = await pool.query<{ line: string }>(sql);
    parts.push(rows.map(({ line }) => `${line.trimEnd()}\n`).join(""));
  }
  return parts.join("\n");
}
