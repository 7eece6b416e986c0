import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BUILT_IN_MODELS, OFFLINE_MODEL } from "@millrace/contract";
import type { Check } from "#doctor/check";
import { askPostgres } from "#doctor/postgres";

/** A node that names no model would fail where the default one is of a connection that is not there. */
export const checkDefaultModel: Check = async ({ settings: { dataDir, databaseUrl, defaultModel } }) => {
  const [connection = ""] = defaultModel.split("/");
  if (defaultModel === OFFLINE_MODEL) return null;
  if (connection === BUILT_IN_MODELS)
    return { problem: `there is no built-in model ${defaultModel}`, fix: `set MILLRACE_DEFAULT_MODEL to ${OFFLINE_MODEL}` };
  const isThere =
    databaseUrl === null ? hasConnection(join(dataDir, "millrace.db"), connection) : await hasConnectionAt(databaseUrl, connection);
  if (isThere) return null;
  const problem = `the default model ${defaultModel} is of a connection that does not exist`;
  return { problem, fix: `millrace connections set ${connection} --provider …, or correct MILLRACE_DEFAULT_MODEL` };
};

/** Where the database does not answer, that is another check's. */
async function hasConnectionAt(url: string, name: string): Promise<boolean> {
  const sql = "SELECT count(*) > 0 AS there FROM vault WHERE kind = 'connection' AND name = $1";
  const row = await askPostgres(url, sql, [name]).catch(() => ({ there: true }));
  return row?.["there"] === true;
}

/** What is wrong with the database is another check's. */
function hasConnection(file: string, name: string): boolean {
  if (!existsSync(file)) return false;
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    return database.prepare("SELECT 1 FROM vault WHERE kind = 'connection' AND name = ?").get(name) !== undefined;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SQLITE_ERROR") return true;
    throw error;
  }
}
