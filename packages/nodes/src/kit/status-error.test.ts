import assert from "node:assert/strict";
import { test } from "node:test";
import { RetryableError } from "@millrace/engine";
import { retryAfterMs } from "#kit/retry-after";
import { MAX_SHOWN_URL, shownUrl } from "#kit/shown-url";
import { isSuccess, statusError } from "#kit/status-error";

const answer = (status: number, headers = {}) => ({
  status,
  headers,
  body: new Uint8Array(),
  url: "https://example.com/elsewhere?token=1",
});

test("200 to 299 succeed, and nothing else does", () => {
  const all = Array.from({ length: 500 }, (_, index) => index + 100);
  assert.deepEqual(
    all.filter(isSuccess),
    Array.from({ length: 100 }, (_, index) => index + 200),
  );
});

test("exactly the statuses that say later are retryable", () => {
  const failing = Array.from({ length: 500 }, (_, index) => index + 100).filter((status) => !isSuccess(status));
  const retryable = failing.filter((status) => statusError("GET", "https://example.com/", answer(status)) instanceof RetryableError);
  assert.deepEqual(retryable, [408, 425, 429, 500, 502, 503, 504]);
});

test("the message names method, host and path of what was asked, and nothing else", () => {
  const error = statusError("PUT", "https://us:pw@example.com:8443/a%20b/c?token=1#frag", answer(503, { "retry-after": "1", secret: "x" }));
  assert.equal(error.message, "PUT https://example.com:8443/a%20b/c answered 503");
  assert.equal(error.type, "http_503");
});

test("a shown URL has no line breaks and is cut", () => {
  assert.equal(shownUrl(" https://exam\nple.com/\t\u0000a?b "), "https://example.com/a");
  assert.equal(shownUrl("https://a@b@example.com?x/y@z"), "https://example.com");
  const base = "https://example.com/";
  const atLimit = base + "a".repeat(MAX_SHOWN_URL - base.length);
  assert.equal(shownUrl(atLimit), atLimit);
  assert.equal(shownUrl(`${atLimit}a`), `${atLimit.slice(0, -1)}…`);
});

test("Retry-After is read as seconds, or as a date against the answer's own", () => {
  const date = "Wed, 21 Oct 2015 07:28:00 GMT";
  const cases: [headers: { [name: string]: string }, wait: number | undefined][] = [
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": " 120 " }, 120_000],
    [{ "retry-after": "999999999" }, 999_999_999_000],
    [{ "retry-after": "9999999999" }, undefined],
    [{ "retry-after": "-1" }, undefined],
    [{ "retry-after": "1.5" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:30 GMT", date }, 30_000],
    [{ "retry-after": "Wednesday, 21-Oct-15 07:29:00 GMT", date }, 60_000],
    [{ "retry-after": "Wed, 21 Oct 2015 07:27:00 GMT", date }, 0],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:30 GMT" }, undefined],
    [{ "retry-after": "Wed Oct 21 07:28:30 2015", date }, undefined],
    [{ "retry-after": "not a date GMT", date }, undefined],
  ];
  for (const [headers, wait] of cases) assert.equal(retryAfterMs(headers), wait, JSON.stringify(headers));
});
