import assert from "node:assert/strict";
import { test } from "node:test";
import { systemIds } from "#ids";
import { Sealer } from "#secrets/sealer";

const { seed } = systemIds(Date.now);
const sealer = new Sealer(Buffer.alloc(32, 1), seed);
const OWNER = { tenantId: "default", table: "vault", row: "secret/A" };

test("what is sealed opens with the same key, for the same owner, and whole", () => {
  const sealed = sealer.seal("whsec_é", OWNER);
  assert.ok(!Buffer.from(sealed, "base64").includes("whsec"));
  assert.equal(sealer.open(sealed, OWNER), "whsec_é");
  assert.notEqual(sealer.seal("whsec_é", OWNER), sealed, "the same text is sealed differently each time");
  for (const other of [{ tenantId: "other" }, { table: "webhook_secrets" }, { row: "secret/B" }])
    assert.throws(() => sealer.open(sealed, { ...OWNER, ...other }));
  assert.throws(() => new Sealer(Buffer.alloc(32, 2), seed).open(sealed, OWNER));
});

test("a changed byte anywhere, or one that is missing, opens nothing", () => {
  const sealed = Buffer.from(sealer.seal("a secret", OWNER), "base64");
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => sealer.open(changed.toString("base64"), OWNER), `byte ${at}`);
    assert.throws(() => sealer.open(sealed.subarray(0, at).toString("base64"), OWNER), `cut at ${at}`);
  }
});
