import assert from "node:assert/strict";
import { test } from "node:test";
import { fillPath, pathParameters } from "#paths";

test("a path's parameters are filled in, percent-encoded", () => {
  assert.deepEqual(pathParameters("/api/v1/workflows/{workflow}/versions/{version}"), ["workflow", "version"]);
  assert.equal(
    fillPath("/api/v1/workflows/{workflow}/versions/{version}", { workflow: "日報/a b", version: "1.0.2" }),
    "/api/v1/workflows/%E6%97%A5%E5%A0%B1%2Fa%20b/versions/1.0.2",
  );
  assert.equal(fillPath("/healthz", {}), "/healthz");
});
