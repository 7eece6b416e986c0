import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenIn } from "#app/address-token.ts";
import { isOwnPath } from "#pages/sign-in/own-path.ts";

test("after the sign-in only pages of this console are gone to", () => {
  for (const path of ["/", "/runs?status=FAILED", "/workflows/a/edit"]) assert.equal(isOwnPath(path), true, path);
  for (const path of ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/login?to=/"]) {
    assert.equal(isOwnPath(path), false, path);
  }
});

test("an address carries a token behind #, and nothing else is one", () => {
  const token = "EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp";
  assert.equal(tokenIn(`#link=${token}`), token);
  assert.equal(tokenIn(`#${token}`), token);
  for (const hash of ["", "#", "#main", `#${token}x`, `#other=${token}`]) assert.equal(tokenIn(hash), null, hash);
});
