import { migrate } from "#store/postgres/migrate";
import { openPostgresStore } from "#store/postgres/open";
import { openPool } from "#store/postgres/pool";
import { fixtureOf, OWNER, type StoreFixture } from "#store/testing/fixture";

/** Connections of a test's store: one server has many of them. */
const CONNECTIONS = 4;

/** The database that has the schema and nothing else: a copy of it costs a part of what making it anew does. */
const TEMPLATE = "millrace_empty";

let made = 0;

/** A server of tests, which are its administrator. */
interface Server {
  sql(text: string): string;
  url(database: string): string;
}

const templates = new WeakMap<Server, Promise<void>>();

/** A new database on the server; answers its URL. */
export function newDatabase(server: Server, template = "template1"): string {
  made += 1;
  const name = `millrace_${made}`;
  server.sql(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return server.url(name);
}

/** A store on a database of its own. */
export async function openPostgresFixture(server: Server): Promise<StoreFixture> {
  const template = templates.get(server) ?? makeTemplate(server);
  templates.set(server, template);
  await template;
  const url = newDatabase(server, TEMPLATE);
  return fixtureOf((clock) => openPostgresStore({ url, owner: OWNER, clock, connections: CONNECTIONS }));
}

async function makeTemplate(server: Server): Promise<void> {
  server.sql(`CREATE DATABASE ${TEMPLATE}`);
  const pool = openPool(server.url(TEMPLATE), { warn: () => undefined }, 1);
  await migrate(pool);
  await pool.end();
}
