// Checks the structure of the database in a thread of its own, which only reads: the check of a large database takes long.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

const database = new DatabaseSync(String(workerData), { readOnly: true });
try {
  const findings = database
    .prepare("PRAGMA quick_check(10)")
    .all()
    .map((row) => String(Object.values(row)[0]));
  parentPort?.postMessage(findings);
} finally {
  database.close();
}
