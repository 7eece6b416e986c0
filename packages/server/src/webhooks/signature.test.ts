import assert from "node:assert/strict";
import { test } from "node:test";
import { formatSecret, signatures } from "#webhooks/signature";
import { verifies } from "#webhooks/testing/verifies";
import { readWebhookId, webhookId } from "#webhooks/webhook-id";

const SECRET = "whsec_TWlsbHJhY2VFeGFtcGxlU2VjcmV0MDEyMzQ1Njc4OTA=";
const RUN = "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10";
const TIMESTAMP = 1790000002;
const BODY =
  '{"workflowId":"66f0c1a2b3d4e5f60718293a","workflowName":"headline_digest","workflowVersion":"1.0.2","workflowRunId":"01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10","input":{"topic":"tides","limit":2},"output":{"headlines":["Spring tide on Friday","Harbour gauge repaired"]},"workflowExecutionTime":1840,"status":"SUCCEED","totalCost":0.2113,"totalTokens":912,"startTime":1790000000120,"endTime":1790000001964}';

test("W23 the published vector: a body, and a GET, which has none", () => {
  assert.equal(Buffer.byteLength(BODY), 400);
  assert.equal(signatures([SECRET], webhookId(RUN, 0), TIMESTAMP, BODY), "v1,y+f3wYmya5Wsn/4OjypUXg1CEdBSMYmbqxAGheUa9W0=");
  assert.equal(signatures([SECRET], webhookId(RUN, 1), TIMESTAMP, ""), "v1,a9cEZI5db7Pjd7ah8p+we2SLyxSPIBVM6USmQ1SKvN4=");
});

test("W23 one changed byte of id, timestamp, body or secret is another signature", () => {
  const signed = (secret: string, id: string, at: number, body: string) => signatures([secret], id, at, body);
  const right = signed(SECRET, "msg_1_0", TIMESTAMP, BODY);
  for (const other of [
    signed(SECRET, "msg_1_1", TIMESTAMP, BODY),
    signed(SECRET, "msg_1_0", TIMESTAMP + 1, BODY),
    signed(SECRET, "msg_1_0", TIMESTAMP, `${BODY} `),
    signed(formatSecret(Buffer.alloc(32)), "msg_1_0", TIMESTAMP, BODY),
  ])
    assert.notEqual(other, right);
});

test("the standard's own library verifies what is signed, with either of two secrets, and nothing else", () => {
  const now = Math.floor(Date.now() / 1_000);
  const other = formatSecret(Buffer.alloc(32, 7));
  const headers = {
    "webhook-id": "msg_1_0",
    "webhook-timestamp": String(now),
    "webhook-signature": signatures([SECRET, other], "msg_1_0", now, BODY),
  };
  assert.equal(verifies(SECRET, BODY, headers), true);
  assert.equal(verifies(other, BODY, headers), true);
  assert.equal(verifies(other, `${BODY} `, headers), false);
  assert.equal(verifies(formatSecret(Buffer.alloc(32, 8)), BODY, headers), false);
});

test("a webhook-id names its run and entry", () => {
  assert.equal(webhookId(RUN, 0), "msg_01a0c4506c647b219f0e5d2c8a6b4e10_0");
  assert.deepEqual(readWebhookId(webhookId(RUN, 4)), { runId: RUN, ordinal: 4 });
  for (const text of ["", "msg_1_0", `msg_${RUN}_0`, `${webhookId(RUN, 0)}x`]) assert.equal(readWebhookId(text), null, text);
});
