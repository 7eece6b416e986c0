const TESTS = "packages/server/test/";

/** What of the tests of the server is left out, by the beginning of its path, and why. */
type LeftOut = { readonly [reason: string]: readonly string[] };

/** It says nothing about PostgreSQL. */
const ON_POSTGRES: LeftOut = {
  "they bring a database of their own": ["postgres/", "restate/"],
  "they are about the files of a data directory": ["ops/backup.", "ops/backups.", "ops/migrate.", "ops/system.", "console/large."],
  "they start servers in processes of their own, on a data directory": [
    ...["cli/", "telemetry/killed.", "examples/projects.", "console/outage.", "console/calling.", "tools/mcp."],
  ],
  "they start no server": ["cases/", "ops/deploy.", "usage/ledger."],
};

/** It says nothing about a Restate server beyond that. */
const ON_RESTATE: LeftOut = {};

/** Why `npm run test:postgres` leaves the file out; null: it does not. */
export function leftOutOnPostgres(file: string): string | null {
  return reasonOf(ON_POSTGRES, file);
}

/** The same of `npm run test:restate`. */
export function leftOutOnRestate(file: string): string | null {
  return reasonOf(ON_POSTGRES, file) ?? reasonOf(ON_RESTATE, file);
}

function reasonOf(leftOut: LeftOut, file: string): string | null {
  const name = file.slice(TESTS.length);
  const found = Object.entries(leftOut).find(([, beginnings]) => beginnings.some((beginning) => name.startsWith(beginning)));
  return found ? found[0] : null;
}
