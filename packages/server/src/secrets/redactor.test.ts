import assert from "node:assert/strict";
import { test } from "node:test";
import { RetryableError, TerminalError } from "@millrace/engine";
import fc from "fast-check";
import { Redactor, redactorOf } from "#secrets/redactor";

const VALUE = 'sk-Ab9+/"q\\x<&>é z=…kk09';

/** Every spelling, each inside of something else. */
const SPELLINGS: { readonly [name: string]: (value: string) => string } = {
  raw: (value) => value,
  base64: (value) => Buffer.from(value).toString("base64"),
  "base64, one byte in": (value) => Buffer.from(`a${value}z`).toString("base64"),
  "base64, two bytes in": (value) => Buffer.from(`ab${value}yz`).toString("base64"),
  base64url: (value) => Buffer.from(`a:${value}`).toString("base64url"),
  "base64 in a URL": (value) => encodeURIComponent(Buffer.from(`ab${value}`).toString("base64")),
  hex: (value) => Buffer.from(value).toString("hex"),
  "upper case hex": (value) => Buffer.from(value).toString("hex").toUpperCase(),
  URL: encodeURIComponent,
  "lower case URL": (value) => encodeURIComponent(value).replace(/%../g, (one) => one.toLowerCase()),
  "URL twice": (value) => encodeURIComponent(encodeURIComponent(value)),
  form: (value) => new URLSearchParams({ value }).toString(),
  JSON: JSON.stringify,
  "JSON twice": (value) => JSON.stringify(JSON.stringify(value)),
  "ASCII JSON": (value) => JSON.stringify(value).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "JSON with escaped slashes": (value) => JSON.stringify(value).replaceAll("/", "\\/"),
  "HTML names": (value) =>
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
  "HTML numbers": (value) => Array.from(value, (one) => `&#x${(one.codePointAt(0) ?? 0).toString(16)};`).join(""),
  "bytes as Latin-1": (value) => Buffer.from(value).toString("latin1"),
};

for (const [name, spell] of Object.entries(SPELLINGS)) {
  test(`a value is found as ${name}, and nothing of it is left`, () => {
    const check = (value: string): void => {
      const redactor = new Redactor([value]);
      const spelled = spell(value);
      assert.ok(redactor.shows(`<<${spelled}>>`), JSON.stringify([value, spelled]));
      const clean = redactor.text(spelled);
      // What base64 shares with a neighbour, and what stood around it.
      assert.ok(clean.replace("***", "").length <= 12, JSON.stringify([value, spelled, clean]));
    };
    check(VALUE);
    const wellFormed = fc
      .string({ unit: "grapheme", minLength: 8, maxLength: 40 })
      .filter((value) => value.isWellFormed() && value.trim() !== "");
    fc.assert(fc.property(wellFormed, check), { seed: 7, numRuns: 100 });
  });
}

test("a value as long as may be is found, in every spelling, also where it was cut to pieces", () => {
  const value = Array.from({ length: 16_384 }, (_, n) => VALUE[(n * n + (n >> 4)) % VALUE.length]).join("");
  const redactor = new Redactor([value]);
  for (const [name, spell] of Object.entries(SPELLINGS)) {
    const left = redactor.text(spell(value)).replaceAll("***", "");
    assert.ok(left.length < 1_000, `${name}: ${left.length} characters are left`);
  }
});

test("redactors of the same values are one", () => {
  assert.equal(redactorOf([VALUE]), redactorOf([VALUE]));
  assert.notEqual(redactorOf([VALUE]), redactorOf([VALUE, "another-value"]));
});

test("what holds no secret is the same value, not a copy", () => {
  const redactor = new Redactor([VALUE]);
  const value = { list: [1, "two", { three: null }], text: "sk-Ab9", flag: true };
  assert.equal(redactor.json(value), value);
  const bytes = new Uint8Array([0, 255, 128]);
  assert.equal(redactor.bytes(bytes), bytes);
});

test("members, their names, list items and numbers are cleaned wherever they lie", () => {
  const redactor = new Redactor([VALUE, "1234567890"]);
  assert.deepEqual(redactor.json({ [VALUE]: [{ deep: `a ${VALUE} b` }], id: 1234567890, other: 12345 }), {
    "***": [{ deep: "a *** b" }],
    id: "***",
    other: 12345,
  });
});

test("of two values the longer one is taken whole", () => {
  assert.equal(new Redactor(["token-of-a", "token-of-a-longer-one"]).text("<token-of-a-longer-one>"), "<***>");
});

test("errors keep their class, type and wait, and lose the secret, also from the stack and the cause", () => {
  const redactor = new Redactor([VALUE]);
  const terminal = redactor.error(new TerminalError("http_401", `GET /${VALUE}`));
  assert.ok(terminal instanceof TerminalError);
  assert.deepEqual([terminal.type, terminal.message], ["http_401", "GET /***"]);
  const later = redactor.error(new RetryableError("http_503", VALUE, { retryAfterMs: 5 }));
  assert.ok(later instanceof RetryableError);
  assert.deepEqual([later.type, later.message, later.retryAfterMs], ["http_503", "***", 5]);
  const foreign = redactor.error(new Error(`failed with ${VALUE}`, { cause: VALUE })) as Error;
  assert.ok(!`${foreign.message}${foreign.stack}${JSON.stringify(foreign.cause)}`.includes(VALUE));
});

test("an endless run of what a value begins with takes no longer than its length", () => {
  const redactor = new Redactor(["%25%25%25%25%25", "\\\\\\\\\\\\\\\\", "aaaaaaaaaaaaaaab"]);
  const hostile = "%25".repeat(20_000) + "\\".repeat(20_000) + "a".repeat(20_000);
  assert.ok(redactor.text(hostile).length <= hostile.length);
});

for (const [name, spell] of Object.entries(SPELLINGS)) {
  test(`a value in pieces is found as ${name}, wherever it is cut`, () => {
    const redactor = new Redactor([VALUE, "another-value"]);
    const text = `what is said before, ${spell(VALUE)} and after; ${spell("another-value")}.`;
    const whole = redactor.text(text);
    const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 });
    const check = (sizes: readonly number[]): void => {
      const stream = redactor.stream();
      let shown = "";
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        shown += stream.push(text.slice(at, at + size));
        at += size;
      }
      assert.equal(shown + stream.end(), whole);
    };
    check([1]);
    fc.assert(fc.property(cuts, check), { seed: 7, numRuns: 50 });
  });
}

test("of a text in pieces only what may begin a secret is held back", () => {
  const stream = new Redactor([VALUE]).stream();
  assert.equal(stream.push("Good morning"), "Good morning");
  assert.equal(stream.push(", sk"), ", ");
  assert.equal(stream.push("y is blue. sk-Ab9"), "sky is blue. ");
  assert.equal(stream.end(), "sk-Ab9");
});

test("of two values that begin alike the longer one is waited for", () => {
  const stream = new Redactor(["token-of-a", "token-of-a-longer-one"]).stream();
  assert.equal(stream.push("<token-of-a"), "<");
  assert.equal(stream.push("-longer-one>"), "***>");
});

test("an endless run of what a value begins with is passed on in time", () => {
  const stream = new Redactor(["%25%25%25%25%25", "\\\\\\\\\\\\\\\\", "aaaaaaaaaaaaaaab"]).stream();
  const hostile = "%25".repeat(2_000) + "\\".repeat(2_000) + "a".repeat(2_000);
  let shown = "";
  for (let at = 0; at < hostile.length; at += 100) shown += stream.push(hostile.slice(at, at + 100));
  assert.ok((shown + stream.end()).length <= hostile.length);
});
