import assert from "node:assert/strict";
import { test } from "node:test";
import { normalise, wantsJson } from "#cli/arguments";

test("the singular of versions is told from the command version", () => {
  assert.deepEqual(normalise(["version", "list", "news"]), ["versions", "list", "news"]);
  assert.deepEqual(normalise(["-o", "json", "version", "rollback", "x"]), ["-o", "json", "versions", "rollback", "x"]);
  assert.deepEqual(normalise(["--output=json", "run", "get", "x"]), ["--output=json", "runs", "get", "x"]);
  assert.deepEqual(normalise(["version"]), ["version"]);
  assert.deepEqual(normalise(["version", "-o", "json"]), ["version", "-o", "json"]);
  assert.deepEqual(normalise(["invoke", "version", "list"]), ["invoke", "version", "list"]);
  assert.deepEqual(normalise([]), []);
});

test("--version first is the version of Millrace, later one of a workflow", () => {
  assert.deepEqual(normalise(["--version"]), ["version"]);
  assert.deepEqual(normalise(["-V"]), ["version"]);
  assert.deepEqual(normalise(["invoke", "news", "--version", "1.0.0"]), ["invoke", "news", "--version", "1.0.0"]);
});

test("a --wait without a duration has one, and takes no word of the command's", () => {
  assert.deepEqual(normalise(["invoke", "--wait", "news"]), ["invoke", "--wait=30s", "news"]);
  assert.deepEqual(normalise(["invoke", "news", "--wait"]), ["invoke", "news", "--wait=30s"]);
  assert.deepEqual(normalise(["invoke", "news", "--wait", "5s"]), ["invoke", "news", "--wait", "5s"]);
  assert.deepEqual(normalise(["invoke", "news", "--wait=1m"]), ["invoke", "news", "--wait=1m"]);
  assert.deepEqual(normalise(["invoke", "--", "--wait"]), ["invoke", "--", "--wait"]);
  assert.deepEqual(normalise(["hooks", "create", "news", "--wait"]), ["hooks", "create", "news", "--wait"], "a switch of another command");
});

test("JSON is recognised however it is asked for, the last word counts", () => {
  for (const given of [["--json"], ["-o", "json"], ["-ojson"], ["--output", "json"], ["--output=json"], ["-o", "yaml", "-o", "json"]]) {
    assert.equal(wantsJson(given, {}), true, given.join(" "));
  }
  for (const given of [[], ["-o", "table"], ["-o", "json", "-o", "yaml"], ["-o"]])
    assert.equal(wantsJson(given, {}), false, given.join(" "));
  assert.equal(wantsJson([], { MILLRACE_OUTPUT: "json" }), true);
  assert.equal(wantsJson(["-o", "table"], { MILLRACE_OUTPUT: "json" }), false);
});
