import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Check } from "#doctor/check";
import { askPostgres } from "#doctor/postgres";
import { readSecretKey, WrongSecretKey } from "#keys/secret-key";

/** The key is the one that the data is sealed with: with another one no server starts. */
export const checkSecretKey: Check = async ({ settings: { dataDir, databaseUrl, secretKey } }) => {
  try {
    readSecretKey(
      dataDir,
      secretKey,
      databaseUrl === null ? fingerprintIn(join(dataDir, "millrace.db")) : await fingerprintAt(databaseUrl),
    );
    return null;
  } catch (error) {
    if (error instanceof WrongSecretKey) return { problem: error.message, fix: error.fix };
    throw error;
  }
};

/** null: no start has kept one yet; where the database does not answer, that is another check's. */
async function fingerprintAt(url: string): Promise<string | null> {
  const row = await askPostgres(url, "SELECT fingerprint FROM secret_key").catch(() => undefined);
  return (row?.["fingerprint"] as string | undefined) ?? null;
}

/** null: no start has kept one yet; what is wrong with the database is another check's. */
function fingerprintIn(file: string): string | null {
  if (!existsSync(file)) return null;
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    return (database.prepare("SELECT fingerprint FROM secret_key").get()?.["fingerprint"] as string | undefined) ?? null;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SQLITE_ERROR") return null;
    throw error;
  }
}
