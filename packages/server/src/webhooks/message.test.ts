import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunContents } from "#store/store";
import { signedMessage } from "#webhooks/message";
import { withRun } from "#webhooks/query";

const target = { id: "msg_1_0", method: "POST", url: "https://hooks.example.com/", body: "{}", version: "1.0.0" };
const namesOf = (fields: readonly (readonly [string, string])[] = []) => fields.map(([name]) => name);

test("the caller's headers replace ours; those that frame, steer or sign are ignored", () => {
  const kept = { "X-Team": "harbour", "content-type": "application/vnd.run+json", "USER-AGENT": "mine", Accept: "text/plain" };
  const ignored = Object.fromEntries(
    ["Host", "Content-Length", "Connection", "Keep-Alive", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect"]
      .concat(["webhook-id", "Webhook-Timestamp", "WEBHOOK-SIGNATURE"])
      .map((name) => [name, "x"]),
  );
  const { request } = signedMessage({ ...target, headers: { ...kept, ...ignored } }, ["whsec_AA=="], 1_999);
  assert.deepEqual(request.headers, Object.entries(kept));
  assert.deepEqual(namesOf(request.serverHeaders), ["Accept-Encoding", "webhook-id", "webhook-timestamp", "webhook-signature"]);
});

test("without any, a body is JSON of this server, and a GET has none", () => {
  const post = signedMessage({ ...target, headers: {} }, ["whsec_AA=="], 1_999).request;
  assert.deepEqual(post.serverHeaders?.slice(0, 2), [
    ["Content-Type", "application/json"],
    ["User-Agent", "Millrace/1.0.0"],
  ]);
  assert.deepEqual(post.serverHeaders?.slice(3, 5), [
    ["webhook-id", "msg_1_0"],
    ["webhook-timestamp", "1"],
  ]);
  const get = signedMessage({ ...target, method: "GET", body: null, headers: {} }, ["whsec_AA=="], 1_999).request;
  assert.ok(!("body" in get));
  assert.ok(!namesOf(get.serverHeaders).includes("Content-Type"));
});

test("what is kept of a request has no value that the caller set", () => {
  const { shown } = signedMessage({ ...target, headers: { Authorization: "Bearer secret" } }, ["whsec_AA=="], 1_999);
  assert.equal(shown.headers["Authorization"], "***");
  assert.equal(shown.headers["webhook-id"], "msg_1_0");
});

test("W24 the query of a GET stays byte for byte before the four added pairs", () => {
  const run = { id: "r 1", workflowId: "w(1)", version: "1.0.0~é", status: "SUCCEED" } as RunContents;
  const added = "workflowRunId=r%201&workflowId=w%281%29&workflowVersion=1.0.0~%C3%A9&status=SUCCEED";
  for (const [url, joint] of [
    ["https://a.example.com/x", "?"],
    ["https://a.example.com/x?", ""],
    ["https://a.example.com/x?a=%zz&b=+", "&"],
    ["https://a.example.com/x?a&", ""],
    ["https://a.example.com/x?status=mine", "&"],
  ] as const)
    assert.equal(withRun(url, run), url + joint + added);
});
