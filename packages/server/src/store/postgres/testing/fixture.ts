import { openPostgresStore } from "#store/postgres/open";
import { fixtureOf, OWNER, type StoreFixture } from "#store/testing/fixture";

/** Connections of a test's store: one server has many of them. */
const CONNECTIONS = 4;

let made = 0;

/** A server of tests, which are its administrator. */
interface Server {
  sql(text: string): string;
  url(database: string): string;
}

/** A new database on the server; answers its URL. */
export function newDatabase(server: Server): string {
  made += 1;
  const name = `millrace_${made}`;
  server.sql(`CREATE DATABASE ${name}`);
  return server.url(name);
}

/** A store on a database of its own. */
export function openPostgresFixture(server: Server): Promise<StoreFixture> {
  const url = newDatabase(server);
  return fixtureOf((clock) => openPostgresStore({ url, owner: OWNER, clock, connections: CONNECTIONS }));
}
