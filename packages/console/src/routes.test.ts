import assert from "node:assert/strict";
import { test } from "node:test";
import { queryText } from "./api.js";
import { routeOf, runPath } from "./routes.js";

test("addresses of the console", () => {
  assert.deepEqual(routeOf("/"), { page: "workflows" });
  assert.deepEqual(routeOf("/workflows"), { page: "workflows" });
  assert.deepEqual(routeOf("/runs"), { page: "runs" });
  assert.deepEqual(routeOf("/runs/"), { page: "runs" });
  for (const page of ["login", "setup", "join"]) assert.deepEqual(routeOf(`/${page}`), { page });
  assert.deepEqual(routeOf("/runs/0198f3c2-5b15"), { page: "run", id: "0198f3c2-5b15" });
  assert.deepEqual(routeOf("/errors/http_503"), { page: "error", type: "http_503" });
});

test("every other address is somebody else's", () => {
  for (const path of ["/api/v1/runs", "/v1", "/runs/a/b", "/errors", "/constructor", "/healthz", "/workflows/x"])
    assert.equal(routeOf(path), null, path);
});

test("an id goes into an address and comes out again; a broken escape stays as it is", () => {
  const id = "a/b?c#d%";
  assert.deepEqual(routeOf(runPath(id)), { page: "run", id });
  assert.deepEqual(routeOf("/runs/%E0%A4%A"), { page: "run", id: "%E0%A4%A" });
});

test("absent and empty parameters are not sent, others are escaped", () => {
  assert.equal(queryText({ workflow: null, status: "", cursor: undefined }), "");
  assert.equal(queryText({ workflow: "a&b", limit: 25 }), "?workflow=a%26b&limit=25");
});
