import { DatabaseSync } from "node:sqlite";

/** What is wrong with the structure of the database, or "ok" alone. Only reads. */
export function quickCheck(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare("PRAGMA quick_check(10)")
      .all()
      .map((row) => String(Object.values(row)[0]));
  } finally {
    database.close();
  }
}
