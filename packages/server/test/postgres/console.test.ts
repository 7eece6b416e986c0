import { after, before, describe, test } from "node:test";
import { newDatabase } from "#store/postgres/testing/fixture";
import { inChromium, visit } from "#testing/chromium";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { startTestServer, type TestServer } from "#testing/server";

const inBoth = { skip: inChromium.skip || (hasPostgres ? false : "no PostgreSQL on this machine") };

describe("the console of a server on PostgreSQL", inBoth, () => {
  let postgres: PostgresServer;
  let server: TestServer;

  before(async () => {
    postgres = await startPostgres();
    server = await startTestServer({ settings: { databaseUrl: newDatabase(postgres) } });
  });
  after(async () => {
    await server.close();
    await postgres.close();
  });

  // The visit fails where the browser complains: of an answer that refuses, too.
  test("says where the data is and what backs it up, and asks the server for no backups", async () => {
    await visit(server, {}, async (page) => {
      await page.goto("/system");
      await page.getByText("The data is in PostgreSQL: back it up with pg_dump.").waitFor();
      await page.getByText(/^PostgreSQL · /).waitFor();
    });
  });
});
