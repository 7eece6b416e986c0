const TESTS = "packages/server/test/";

/** What of the tests of the server says nothing about PostgreSQL, by the beginning of its path. */
const LEFT_OUT: { readonly [reason: string]: readonly string[] } = {
  "they bring a database of their own": ["postgres/", "restate/"],
  "they are about the files of a data directory": ["ops/backup.", "ops/backups.", "ops/migrate.", "ops/system.", "console/large."],
  "they start servers in processes of their own, on a data directory": [
    ...["cli/", "telemetry/killed.", "examples/projects.", "console/outage.", "console/calling.", "tools/mcp."],
  ],
  "they start no server": ["cases/", "ops/deploy.", "usage/ledger."],
};

/** Why `npm run test:postgres` leaves the file out; null: it does not. */
export function leftOut(file: string): string | null {
  const name = file.slice(TESTS.length);
  const found = Object.entries(LEFT_OUT).find(([, beginnings]) => beginnings.some((beginning) => name.startsWith(beginning)));
  return found ? found[0] : null;
}
