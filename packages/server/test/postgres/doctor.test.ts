import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { loadSettings } from "#config/load-settings";
import { checkClock } from "#doctor/clock";
import { newDatabase } from "#store/postgres/testing/fixture";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { startTestServer } from "#testing/server";
import { Project } from "../cli/harness.ts";

describe("millrace doctor on PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const secretKey = randomBytes(32).toString("base64");
  const project = new Project();
  let postgres: PostgresServer;
  let databaseUrl: string;

  before(async () => {
    postgres = await startPostgres();
    databaseUrl = newDatabase(postgres);
  });
  after(async () => {
    await project.dispose();
    await postgres.close();
  });

  const doctor = () =>
    project.run(["doctor"], { env: { MILLRACE_PORT: "0", MILLRACE_DATABASE_URL: databaseUrl, MILLRACE_SECRET_KEY: secretKey } });

  async function assertFault(line: RegExp): Promise<void> {
    const { status, stdout, stderr } = await doctor();
    assert.deepEqual([status, stdout], [3, ""], stderr);
    assert.match(stderr, line);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  }

  test("is silent before the first start; says where only processes run that see to no webhooks; is silent again", async () => {
    const healthy = async () => assert.deepEqual(await doctor(), { status: 0, stdout: "", stderr: "" });
    await healthy();
    const open = (role: string) => startTestServer({ dataDir: project.path(role), settings: { databaseUrl, secretKey, role } });
    const api = await open("api");
    await assertFault(/^ {2}database: no process sees to webhooks, schedules and retention → start one with MILLRACE_ROLE all or worker$/m);
    const worker = await open("worker");
    await healthy();
    await worker.close();
    await api.close();
  });

  test("says that data is not whole, that connections are short, and that clocks differ", async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query("INSERT INTO moves (table_name, origin, moved, done) VALUES ('tenants', '/var/lib/millrace', 0, 0)");
    await assertFault(
      /^ {2}database: the data that is moved here from \/var\/lib\/millrace is not whole → go on with millrace migrate-store$/m,
    );
    await client.query("DELETE FROM moves");
    const { rows } = await client.query<{ max: string }>("SELECT current_setting('max_connections') AS max");
    const others = Array.from({ length: Number(rows[0]?.max) - 12 }, () => new pg.Client({ connectionString: databaseUrl }));
    await Promise.all(others.map((other) => other.connect()));
    await assertFault(/^ {2}database: the database has \d connections left, a process takes 12 → raise its max_connections$/m);
    await Promise.all([client, ...others].map((other) => other.end()));
    const { settings } = loadSettings({}, { databaseUrl, dataDir: project.path("data") }, "0.0.0-test");
    const ports = { settings, shownDataDir: "data", askServer: null, isFree: async () => true };
    assert.equal(await checkClock({ ...ports, now: Date.now() }), null);
    const late = await checkClock({ ...ports, now: Date.now() + 600_000 });
    assert.match(late?.problem ?? "", /^the clock says .*Z, that of the database .*Z$/);
  });
});
