import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rowChecksum } from "../../../packages/server/src/store/row-checksum.ts";
import { type Database, type Row, withDatabase } from "../forms/database.ts";
import { environmentAlone, FORM } from "../forms/forms.ts";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import { type Echo, startEcho } from "../harness/echo.ts";
import { type Millrace, settingsFor, startMillrace, withDataDir } from "../harness/millrace.ts";
import { invoke } from "../harness/runs.ts";
import { type Environment, programOf, SERVER } from "../harness/server-process.ts";
import { createTenantKey } from "../harness/tenants.ts";

const NONCE_BYTES = 12;

/** Exit status of a start that found out that it must not. */
const REFUSED = 3;

export const s17: Check = {
  id: "S17",
  property: "What is sealed opens only where it belongs and only as it was written, and without its key no server starts",
  run: (effort) => withDataDir((dataDir) => check(dataDir, effort)),
};

async function check(dataDir: string, { long, seed }: Effort) {
  const service = await startEcho();
  const settings = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${service.port}` });
  const other = await createTenantKey(dataDir, "other", ["admin"]);
  const names = Array.from({ length: long ? 400 : 40 }, (_, n) => `S${n}`);
  const server = await startMillrace(settings);
  for (const name of names) await server.manage("PUT", `/api/v1/secrets/${name}`, { value: canaryOf(name) });
  for (const name of names.slice(0, 2))
    await server.call("PUT", `/api/v1/secrets/${name}`, { key: other, body: { value: `of another tenant ${name}` } });
  const keys = new Map<string, string>();
  for (const name of names) keys.set(name, (await server.publish(reading(name, service.port))).key);
  await server.end("SIGTERM");
  const before = await sealedOf(dataDir);
  const nonces = before.map(({ sealed }) => Buffer.from(String(sealed), "base64").subarray(0, NONCE_BYTES).toString("hex"));
  const tampered: string[] = [];
  await withDatabase(dataDir, async (database) => {
    for (const [n, name] of names.entries()) tampered.push(await tamper(database, before, name, n, seed));
  });
  const opened = await sent(settings, keys, service);
  const starts = startsWithoutKey(await environmentAlone(settings), dataDir);
  await service.close();
  return {
    counts: [
      { what: "used twice", failed: nonces.length - new Set(nonces).size, of: nonces.length, tried: "nonces" },
      opened.count("opened: plaintext, or of a wrong owner", "rows that were swapped, or had a bit flipped"),
      starts.count("started", "starts without the right key"),
    ],
    facts: { cases: [...new Set(tampered)].join(", ") },
    failures: [...opened.failures, ...starts.failures],
  };
}

const canaryOf = (name: string) => `sealed canary of ${name}.`;

function reading(name: string, port: number) {
  const request = { url: `http://127.0.0.1:${port}/${name}`, headers: { "x-key": `{{ secrets.${name} }}` } };
  const nodes = [
    { id: "start", type: "start" },
    { id: "call", type: "http", request },
    { id: "end", type: "end", output: {} },
  ];
  return { format: "millrace/1", name, nodes, edges: ["start -> call", "call -> end"] };
}

function sealedOf(dataDir: string): Promise<readonly Row[]> {
  return withDatabase(dataDir, (database) => database.rows("SELECT * FROM vault ORDER BY tenant_id, name"));
}

/** Whoever can write the file can make a checksum, so that is right; what it guards is not. */
async function tamper(database: Database, rows: readonly Row[], name: string, n: number, seed: number): Promise<string> {
  const row = rows.find((one) => one["tenant_id"] === "default" && one["name"] === name) as Row;
  const [kind, sealed] = forged(rows, row, n, seed);
  const { tenant_id: tenant, facts, created_at: made, updated_at: updated } = row as { readonly [column: string]: string | number };
  const checksum = rowChecksum([tenant ?? "", "secret", name, facts ?? "", sealed, made ?? 0, updated ?? 0]);
  await database.rows("UPDATE vault SET sealed = ?, checksum = ? WHERE tenant_id = ? AND name = ?", sealed, checksum, tenant ?? "", name);
  return kind;
}

function forged(rows: readonly Row[], row: Row, n: number, seed: number): readonly [kind: string, sealed: string] {
  const sealed = String(row["sealed"]);
  const foreign = rows.find((one) => one["tenant_id"] === "other" && one["name"] === row["name"]);
  if (foreign) return ["another tenant's", String(foreign["sealed"])];
  if (n % 3 === 0)
    return ["another name's", String(rows.find((one) => one["tenant_id"] === "default" && one["name"] !== row["name"])?.["sealed"])];
  const bytes = Buffer.from(sealed, "base64");
  if (n % 3 === 1) return ["cut", bytes.subarray(0, (seed + n) % bytes.length).toString("base64")];
  const at = (seed + n * 7) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (n % 8));
  return ["a flipped bit", bytes.toString("base64")];
}

/** Runs every workflow: what its service receives was opened. */
async function sent(settings: Environment, keys: ReadonlyMap<string, string>, service: Echo): Promise<Tally> {
  const opened = new Tally();
  const server: Millrace = await startMillrace(settings, { quiet: true });
  for (const [name, key] of keys) {
    const before = service.received.length;
    const { json } = await invoke(server, key, { input: {} });
    const told = String((json["error"] as { message?: string } | undefined)?.message ?? "");
    const refused =
      json["status"] === "FAILED" && told.includes(`The secret ${name} cannot be opened`) && service.received.length === before;
    opened.add(refused ? null : `${name}: ${JSON.stringify(json).slice(0, 300)}`);
  }
  await server.end("SIGTERM");
  return opened;
}

/** The key is in a file beside SQLite's, and in the environment of processes that share a database. */
function startsWithoutKey(settings: Environment, dataDir: string): Tally {
  const starts = new Tally();
  const attempt = (what: string, more: Environment = {}): void => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", programOf(SERVER), "start", "--port", "0"],
      {
        env: { ...settings, ...more },
        encoding: "utf8",
        timeout: 20_000,
      },
    );
    starts.add(status === REFUSED && stderr.startsWith("wrong_secret_key: ") ? null : `${what}: exit ${status}: ${stderr}`);
  };
  const another = (byte: number) =>
    attempt("another key in the environment", { MILLRACE_SECRET_KEY: Buffer.alloc(32, byte).toString("base64") });
  another(2);
  if (FORM !== "sqlite") return starts;
  const file = join(dataDir, "secret.key");
  const key = readFileSync(file, "utf8");
  rmSync(file);
  attempt("no file");
  attempt("no file, asked again");
  another(1);
  for (const text of [Buffer.alloc(32, 2).toString("base64"), "", "not a key", key.slice(0, 20)]) {
    writeFileSync(file, text, { mode: 0o600 });
    attempt(`the file holds ${text.length} other characters`);
  }
  return starts;
}
