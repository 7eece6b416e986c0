import { readFileSync } from "node:fs";

export interface Migration {
  readonly version: number;
  readonly file: string;
}

/**
 * Every step ever released, in order; a released step never changes. The folder has a name of its own, because whoever bundles copies it
 * beside the bundle, where those of SQLite lie too.
 */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, file: "0001-initial.sql" },
  { version: 2, file: "0002-sharing.sql" },
  { version: 3, file: "0003-run-shares.sql" },
  { version: 4, file: "0004-moves.sql" },
  { version: 5, file: "0005-run-values.sql" },
  { version: 6, file: "0006-key-addresses.sql" },
  { version: 7, file: "0007-node-turns.sql" },
  { version: 8, file: "0008-version-changes.sql" },
  { version: 9, file: "0009-document-errors.sql" },
  { version: 10, file: "0010-hosted-lives.sql" },
];

export function migrationSql({ file }: Migration): string {
  return readFileSync(new URL(`./postgres-migrations/${file}`, import.meta.url), "utf8");
}
