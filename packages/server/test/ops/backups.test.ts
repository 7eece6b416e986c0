import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BackupsView, LIMITS, ROLES } from "@millrace/contract";
import { restore } from "#app";
import { Backups } from "#doctor/backups";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const ECHO = document("echo", [start({}), { id: "end", type: "end", output: { said: "yes" } }], ["start -> end"]);

let server: TestServer;
let admin: string;
let run = "";
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create("default", { scopes: ["admin"] })).key;
  const { key } = await server.publish(ECHO);
  run = String((await server.invoke(key, { input: {} })).json["workflowRunId"]);
});
after(() => server.close());

const PATH = "/api/v1/system/backups";
const ask = (method: string, path = PATH, key = admin) => server.call(method, path, { key });
const view = async () => (await ask("GET")).json as unknown as BackupsView;

/** The list once nothing is being made. */
async function made(): Promise<BackupsView> {
  for (;;) {
    const seen = await view();
    if (!seen.running) return seen;
    assert.ok(seen.running.share >= 0 && seen.running.share <= 1);
  }
}

test("a backup is made beside the server, told of while it is made, and read and restored as the command's is", async () => {
  const begun = await ask("POST");
  assert.equal(begun.status, 202, begun.text);
  assert.ok((begun.json as unknown as BackupsView).running);
  assert.deepEqual([(await ask("POST")).status, (await ask("GET", "/readyz")).status], [409, 200]);
  const { folder, data, failed } = await made();
  assert.equal(failed, undefined);
  const [archive] = data;
  assert.ok(archive && archive.bytes > 0);
  assert.equal(folder, join(server.dataDir, "backups"));
  assert.match(archive.name, /^\d{8}T\d{6}Z-on-demand\.tgz$/);
  const { headers } = await ask("GET", `${PATH}/${archive.name}`);
  assert.deepEqual(
    [headers["content-type"], headers["content-length"], headers["content-disposition"]],
    ["application/gzip", String(archive.bytes), `attachment; filename="${archive.name}"`],
  );
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-restored-"));
  rmSync(dataDir, { recursive: true });
  await restore({ file: join(folder, archive.name), target: dataDir, overwrite: false, now: Date.now() });
  const key = readFileSync(join(server.dataDir, "secret.key"));
  writeFileSync(join(dataDir, "secret.key"), key, { mode: 0o600 });
  const restored = await startTestServer({ dataDir });
  try {
    assert.equal((await restored.call("GET", `/api/v1/runs/${run}`, { key: admin })).json["status"], "SUCCEED");
  } finally {
    await restored.close();
    rmSync(dataDir, { recursive: true });
  }
});

test("the last of those that were asked for stay, and those of upgrades are not theirs to remove", async () => {
  const folder = join(server.dataDir, "backups");
  mkdirSync(folder, { recursive: true });
  const most = LIMITS.backupsKept.value;
  const old = Array.from({ length: most }, (_, n) => `2020010${n + 1}T000000Z-on-demand.tgz`);
  const others = ["20190101T000000Z-schema-17.tgz", "notes.txt"];
  for (const name of [...old, ...others]) writeFileSync(join(folder, name), "x");
  const left = join(folder, ".20200101T000000Z-on-demand.tgz.partial");
  mkdirSync(left);
  const before = (await view()).data.filter(({ name }) => name.includes("on-demand")).length;
  await ask("POST");
  await made();
  const names = readdirSync(folder);
  assert.equal(names.filter((name) => name.includes("on-demand")).length, most);
  assert.ok(!existsSync(left), "what a killed backup left is gone");
  assert.ok(before >= most && !names.includes(old[0] ?? ""));
  for (const name of others) assert.ok(names.includes(name), name);
  assert.ok(!(await view()).data.some(({ name }) => name === "notes.txt"));
});

test("what is no backup is not found, and only an owner has any of it", async () => {
  for (const name of ["notes.txt", "absent.tgz", "..%2fmillrace.db", "..%2fsecret.key"])
    assert.equal((await ask("GET", `${PATH}/${name}`)).status, 404, name);
  for (const role of ROLES) {
    const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"], role });
    assert.equal((await ask("GET", PATH, key)).status, role === "owner" ? 200 : 403, role);
  }
});

test("a backup that cannot be made is told of, and the next one may be made", async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-backups-"));
  const told: string[] = [];
  let begin: () => Promise<void> = async () => Promise.reject(new Error("no space left"));
  const backups = new Backups({
    folder,
    begin: () => ({ done: begin(), stop: async () => undefined }),
    clock: { now: () => 1_790_000_000_000 },
    log: { info: () => told.push("info"), error: () => told.push("error") },
  });
  assert.equal(backups.start().failed, undefined);
  await new Promise(setImmediate);
  assert.deepEqual(backups.view().failed, { at: 1_790_000_000_000, problem: "no space left" });
  begin = async () => undefined;
  assert.equal(backups.start().failed, undefined);
  await new Promise(setImmediate);
  assert.deepEqual([backups.view().running, backups.view().failed, told], [undefined, undefined, ["error", "info"]]);
  rmSync(folder, { recursive: true });
});

test("data in PostgreSQL is backed up by its own means", () => {
  const elsewhere = new Backups({
    folder: null,
    begin: () => assert.fail("nothing begins"),
    clock: { now: () => 0 },
    log: { info: () => undefined, error: () => undefined },
  });
  for (const ask of [() => elsewhere.view(), () => elsewhere.start()]) assert.throws(ask, /conflict/);
});
