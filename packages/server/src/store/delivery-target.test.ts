import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointUrl, laneOf, originOf } from "#store/delivery-target";

test("an endpoint is a URL without its query", () => {
  assert.equal(endpointUrl("https://a.example.com/x?y=1?z"), "https://a.example.com/x");
  assert.equal(endpointUrl("https://a.example.com/x?"), "https://a.example.com/x");
  assert.equal(endpointUrl("https://a.example.com/x"), "https://a.example.com/x");
});

test("a lane is a workflow and an origin", () => {
  const lane = laneOf("w1", { url: "https://A.example.com:443/x?y" });
  assert.equal(lane, "w1 https://a.example.com");
  assert.equal(laneOf("w1", { url: "https://a.example.com/z" }), lane);
  assert.notEqual(laneOf("w2", { url: "https://a.example.com/z" }), lane);
  assert.notEqual(laneOf("w1", { url: "http://a.example.com/z" }), lane);
  assert.equal(laneOf("w1", { url: "nowhere?a" }), "w1 nowhere");
  assert.equal(originOf(lane), "https://a.example.com");
});
