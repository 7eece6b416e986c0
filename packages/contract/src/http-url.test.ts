import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dropFragment, hasUserInformation, isHttpUrl, urlExtension } from "#http-url";

const GOOD = [
  "http://a",
  "https://example.com",
  "HTTPS://EXAMPLE.com:8443/x?y#z",
  "http://[::1]:80/",
  "https://例え.jp/完了?q=ü",
  "http://a/%20?x=1&&y=",
  "http://127.1/",
];
const BAD = [
  "",
  "a",
  "//a",
  "/x",
  "ftp://a",
  "http:",
  "http:/a",
  "http:a",
  "http://",
  "http:///a",
  "http://?x",
  "http:// a",
  " http://a",
  "http://a ",
  "http://a\t",
  "http://a\n.example",
  "http:\\\\a",
  "http://a\\@b",
  "http://a:99999",
  "http://a:b",
  "http://[::1",
  "http://256.1.1.1",
  "javascript://a",
  "http://%00",
];

for (const url of GOOD) test(`${url} is an http URL`, () => assert.equal(isHttpUrl(url), true));
for (const url of BAD) test(`${JSON.stringify(url)} is no http URL`, () => assert.equal(isHttpUrl(url), false));

test("user information is seen where parsers see it", () => {
  assert.equal(hasUserInformation("http://u:p@a/x"), true);
  assert.equal(hasUserInformation("http://@a/x"), true);
  assert.equal(hasUserInformation("http://a/x@y?z=@#@"), false);
});

test("an accepted URL has the host that a parser connects to, and agrees with it on user information", () => {
  const part = fc.string({ unit: fc.constantFrom(..."ab0.:@/?#\\[]% \t\n-_é"), maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom("http://", "https://", "HTTP://", "http:/", "http:\\\\"), part, (scheme, rest) => {
      const url = scheme + rest;
      if (!isHttpUrl(url)) return;
      const parsed = new URL(url);
      assert.match(parsed.protocol, /^https?:$/);
      assert.equal(hasUserInformation(url) || parsed.username + parsed.password === "", true);
      const authority = /^https?:..([^/?#]*)/i.exec(url)?.[1] ?? "";
      const host = authority.slice(authority.lastIndexOf("@") + 1);
      assert.equal(new URL(`${parsed.protocol}//${host}`).host, parsed.host);
    }),
    { numRuns: 3000 },
  );
});

test("a fragment is dropped, the rest stays byte for byte", () => {
  assert.equal(dropFragment("http://a/?x=%2f&&#b#c"), "http://a/?x=%2f&&");
  assert.equal(dropFragment("http://a/"), "http://a/");
});

test("the extension is that of the path's last segment", () => {
  const extensions = {
    "http://a.pdf": "",
    "http://a/b.PDF": "pdf",
    "http://a/b.tar.gz?c.png#d.gif": "gz",
    "http://a/b.c/d": "",
    "http://a/?b.png": "",
    "http://a/.md": "md",
  };
  for (const [url, extension] of Object.entries(extensions)) assert.equal(urlExtension(url), extension, url);
});
