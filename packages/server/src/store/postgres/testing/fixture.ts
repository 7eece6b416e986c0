import { openPostgresStore } from "#store/postgres/open";
import type { Store } from "#store/store";
import type { StoreFixture } from "#store/testing/fixture";

const OWNER = "owner-1";

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
export async function openPostgresFixture(server: Server): Promise<StoreFixture> {
  const url = newDatabase(server);
  let mono = 0;
  const clock = { now: () => Date.UTC(2026, 0, 2), mono: () => mono };
  const open = (): Promise<Store> => openPostgresStore({ url, owner: OWNER, clock, connections: CONNECTIONS });
  let current = await open();
  return {
    store: current,
    owner: OWNER,
    reopen: async () => {
      await current.close();
      current = await open();
      return current;
    },
    advance: (ms) => {
      mono += ms;
    },
    close: () => current.close(),
  };
}
