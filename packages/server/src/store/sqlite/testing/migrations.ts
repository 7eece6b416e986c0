import { MIGRATIONS, type Migration } from "#store/sqlite/migrations";

/** One step beyond the newest release. */
export const TEST_MIGRATIONS: readonly Migration[] = [
  ...MIGRATIONS,
  { version: (MIGRATIONS.at(-1)?.version ?? 0) + 1, file: "../testing/next-step.sql" },
];
