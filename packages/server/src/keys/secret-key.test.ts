import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSecretKey } from "#keys/secret-key";

/** What the store keeps of the key. */
function kept() {
  let fingerprint: string | null = null;
  return {
    keyFingerprint: async () => fingerprint,
    keepKeyFingerprint: async (text: string) => {
      fingerprint ??= text;
      return fingerprint;
    },
  };
}

test("the first start makes the key, for its owner alone, and every later one reads it; what an interrupted one left is in nobody's way", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-secret-"));
  t.after(() => rmSync(dataDir, { recursive: true }));
  writeFileSync(join(dataDir, "secret.key.new"), "half a k", { mode: 0o600 });
  const store = kept();
  const made = await loadSecretKey(store, dataDir, null);
  assert.equal(made.length, 32);
  assert.deepEqual(await loadSecretKey(store, dataDir, null), made);
  assert.deepEqual(readdirSync(dataDir), ["secret.key"]);
  if (process.platform !== "win32") assert.equal(statSync(join(dataDir, "secret.key")).mode & 0o777, 0o600);
});

test("a given key is taken, and one of another length refused with its place", async () => {
  const given = Buffer.alloc(32, 7);
  assert.deepEqual(await loadSecretKey(kept(), "nowhere", given.toString("base64")), given);
  await assert.rejects(loadSecretKey(kept(), "nowhere", "c2hvcnQ="), /MILLRACE_SECRET_KEY: expected base64 of 32 bytes/);
});
