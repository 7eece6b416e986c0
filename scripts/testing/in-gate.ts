/** Servers on one database. */
export const SERVERS = 3;

/**
 * What the gate runs on PostgreSQL with several servers, asked in turn, beside the tests of `test/postgres/`: requests whose answer depends on
 * what another process drives, holds or counts. All that comes in through HTTP is `npm run test:postgres`.
 */
export const IN_GATE: readonly string[] = ["hold", "idempotency"].map((name) => `packages/server/test/wire/${name}.test.ts`);
