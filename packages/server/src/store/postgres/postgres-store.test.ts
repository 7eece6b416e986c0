import { after, before, describe } from "node:test";
import { openPostgresFixture } from "#store/postgres/testing/fixture";
import { deedSuite } from "#store/testing/deed.testsuite";
import { storeSuite } from "#store/testing/store.testsuite";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";

describe("on PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  storeSuite("PostgreSQL", () => openPostgresFixture(server));
  describe("PostgreSQL: deeds", () => deedSuite(() => openPostgresFixture(server)));
});
