import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD_COST, Passwords } from "#members/passwords";
import { RequestError } from "#request-error";

const CHEAP = { ln: 4, r: 8, p: 1 };
const passwords = new Passwords(CHEAP);

test("a password fits its hash, and no other does; each hash has a salt of its own", async () => {
  const [first, second] = await Promise.all([passwords.hash("a long sentence"), passwords.hash("a long sentence")]);
  assert.match(first, /^\$scrypt\$ln=4,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(first, second);
  for (const stored of [first, second]) assert.equal(await passwords.verify("a long sentence", stored), true);
  for (const wrong of ["", "a long sentence ", "A long sentence"]) assert.equal(await passwords.verify(wrong, first), false);
});

test("the same characters are the same password, however they are composed", async () => {
  const stored = await passwords.hash("Zürich für immer");
  assert.equal(await passwords.verify("Zu\u0308rich fu\u0308r immer", stored), true);
});

test("no account is never right", async () => {
  assert.equal(await passwords.verify("a long sentence", null), false);
});

test("parameters are read from the hash: an older one still fits, and is known to be outdated", async () => {
  const stored = await new Passwords({ ln: 5, r: 4, p: 2 }).hash("a long sentence");
  assert.equal(await passwords.verify("a long sentence", stored), true);
  assert.equal(passwords.isOutdated(stored), true);
  assert.equal(passwords.isOutdated(await passwords.hash("a long sentence")), false);
});

test("a guess costs what is recommended: N 2^15, r 8, p 3", () => {
  assert.deepEqual(PASSWORD_COST, { ln: 15, r: 8, p: 3 });
});

test("beyond two at work and thirty-two waiting, one more is refused; all others are answered", async () => {
  const asked = Array.from({ length: 35 }, () => passwords.hash("a long sentence"));
  const settled = await Promise.allSettled(asked);
  const refused = settled.filter((one) => one.status === "rejected");
  assert.equal(refused.length, 1);
  assert.ok(refused[0]?.reason instanceof RequestError && refused[0].reason.type === "overloaded");
  assert.equal(await passwords.verify("a long sentence", await passwords.hash("a long sentence")), true);
});

test("a stored password of another form is damage, not a wrong password", async () => {
  await assert.rejects(passwords.verify("a long sentence", "$argon2id$v=19$…"), /unknown form/);
});
