// A process that a test kills: upgrades the data directory given as argument to the schema of the tests.
import { openWriter } from "#store/sqlite/connections";
import { DataDir } from "#store/sqlite/data-dir";
import { TEST_MIGRATIONS } from "#store/sqlite/testing/migrations";
import { upgrade } from "#store/sqlite/upgrade";

const dataDir = new DataDir(process.argv[2] ?? "");
const database = openWriter(dataDir.database);
await upgrade({ dataDir, database, version: "0.0.0-test", now: 1, log: { info: () => undefined }, migrations: TEST_MIGRATIONS });
database.close();
