import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSecretKey } from "#keys/secret-key";

test("the first start makes the key, for its owner alone, and every later one reads it; what an interrupted one left is in nobody's way", (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-secret-"));
  t.after(() => rmSync(dataDir, { recursive: true }));
  writeFileSync(join(dataDir, "secret.key.new"), "half a k", { mode: 0o600 });
  const made = loadSecretKey(dataDir, null);
  assert.equal(made.length, 32);
  assert.deepEqual(loadSecretKey(dataDir, null), made);
  assert.deepEqual(readdirSync(dataDir), ["secret.key"]);
  if (process.platform !== "win32") assert.equal(statSync(join(dataDir, "secret.key")).mode & 0o777, 0o600);
});

test("a given key is taken, and one of another length refused with its place", () => {
  const given = Buffer.alloc(32, 7);
  assert.deepEqual(loadSecretKey("nowhere", given.toString("base64")), given);
  assert.throws(() => loadSecretKey("nowhere", "c2hvcnQ="), /MILLRACE_SECRET_KEY: expected base64 of 32 bytes/);
});
