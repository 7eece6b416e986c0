import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { WebhookVerificationError } from "#errors";
import { verifyWebhook } from "#webhooks";

// L43, against the standard's own library as the sender.

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_TWlsbHJhY2VFeGFtcGxlU2VjcmV0MDEyMzQ1Njc4OTA=";
const BODY = '{"workflowRunId":"01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10","status":"SUCCEED","output":{"news":["Ebbe – 引き潮"]}}';
const NOW = 1_790_000_002_000;

function signed(secret: string, body = BODY, at = NOW): { [name: string]: string } {
  return {
    "webhook-id": "msg_1_0",
    "webhook-timestamp": String(Math.floor(at / 1_000)),
    "webhook-signature": new Webhook(secret).sign("msg_1_0", new Date(at), body),
  };
}

const verify = (headers: { [name: string]: string }, body: string | Uint8Array = BODY, secret: string | string[] = SECRET, now = NOW) =>
  verifyWebhook(body, headers, secret, { now });

const refused = (act: Promise<unknown>, why: RegExp) =>
  assert.rejects(act, (error) => error instanceof WebhookVerificationError && why.test(error.message));

test("the published vector of the standard", async () => {
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  assert.deepEqual(await verifyWebhook('{"test": 2432232314}', headers, SECRET, { now: 1_614_265_330_000 }), { test: 2_432_232_314 });
});

test("text, bytes, a Headers object and plain headers in any case give the run", async () => {
  const run = JSON.parse(BODY) as unknown;
  const headers = signed(SECRET);
  assert.deepEqual(await verify(headers), run);
  assert.deepEqual(await verify(headers, new TextEncoder().encode(BODY)), run);
  assert.deepEqual(await verify(headers, Buffer.from(BODY)), run);
  assert.deepEqual(await verifyWebhook(BODY, new Headers(headers), SECRET, { now: NOW }), run);
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
  assert.deepEqual(await verifyWebhook(BODY, upper, SECRET, { now: NOW }), run);
});

test("while secrets change over, one of several signatures and one of several secrets are enough", async () => {
  const two = { ...signed(SECRET), "webhook-signature": `${signed(OTHER)["webhook-signature"]} ${signed(SECRET)["webhook-signature"]}` };
  await verify(two);
  await verify(two, BODY, OTHER);
  await verify(signed(SECRET), BODY, [OTHER, SECRET]);
  await refused(verify(signed(OTHER)), /no signature/);
});

test("five minutes either way, not six", async () => {
  for (const minutes of [-5, 5]) await verify(signed(SECRET, BODY, NOW + minutes * 60_000));
  for (const minutes of [-6, 6]) await refused(verify(signed(SECRET, BODY, NOW + minutes * 60_000)), /300 s away/);
});

test("one changed byte, anywhere, is refused", async () => {
  const headers = signed(SECRET);
  await refused(verify(headers, BODY.replace("Ebbe", "ebbe")), /no signature/);
  await refused(verify({ ...headers, "webhook-id": "msg_1_1" }), /no signature/);
  await refused(verify({ ...headers, "webhook-timestamp": String(NOW / 1_000 + 1) }), /no signature/);
  for (const signature of ["", "v1,", "v1,!!", "v0,abc", headers["webhook-signature"]?.replace("v1,", "v1a,") ?? ""])
    await refused(verify({ ...headers, "webhook-signature": signature }), /no signature|are needed/);
  await refused(verify({ ...headers, "webhook-timestamp": "soon" }), /away/);
});

test("a parsed object is a mistake, which the error explains; so is no secret", async () => {
  // @ts-expect-error a parsed body is no raw body
  await assert.rejects(verify(signed(SECRET), JSON.parse(BODY) as object), /TypeError|exactly as it was received/);
  await refused(verify(signed(SECRET), BODY, "whsec_"), /whsec_/);
  await refused(verify(signed(SECRET, ""), ""), /POST/);
});
