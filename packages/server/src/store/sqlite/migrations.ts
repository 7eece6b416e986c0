import { readFileSync } from "node:fs";

export interface Migration {
  /** `user_version` of a database that has it. */
  readonly version: number;
  readonly file: string;
}

/**
 * Every step ever released, in order; a released step never changes. The files lie in migrations/ beside this module, or beside the
 * bundle that holds it: whoever bundles copies the folder there.
 */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, file: "0001-initial.sql" },
  { version: 2, file: "0002-webhooks.sql" },
  { version: 3, file: "0003-starters.sql" },
  { version: 4, file: "0004-secrets.sql" },
  { version: 5, file: "0005-members.sql" },
  { version: 6, file: "0006-suspects.sql" },
  { version: 7, file: "0007-usage.sql" },
  { version: 8, file: "0008-approvals.sql" },
  { version: 9, file: "0009-knowledge.sql" },
  { version: 10, file: "0010-prices.sql" },
  { version: 11, file: "0011-tools.sql" },
  { version: 12, file: "0012-versions.sql" },
  { version: 13, file: "0013-node-results.sql" },
  { version: 14, file: "0014-drafts.sql" },
  { version: 15, file: "0015-requests.sql" },
  { version: 17, file: "0017-alerts.sql" },
  { version: 18, file: "0018-draft-usage.sql" },
  { version: 19, file: "0019-run-shares.sql" },
  { version: 21, file: "0021-moves.sql" },
  { version: 22, file: "0022-key-addresses.sql" },
  { version: 23, file: "0023-version-changes.sql" },
  { version: 24, file: "0024-document-errors.sql" },
];

export function migrationSql({ file }: Migration): string {
  return readFileSync(new URL(`./migrations/${file}`, import.meta.url), "utf8");
}
