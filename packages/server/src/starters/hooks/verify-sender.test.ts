import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { isVerified, type SignedRequest } from "#starters/hooks/verify-sender";
import type { HookSettings } from "#store/hook-store";

const SECRET = "It's a Secret to Everybody";
const STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW = Date.UTC(2026, 5, 1);
const BODY = Buffer.from("Hello, World!");

const kinds = {
  hmac: { kind: "hmac", header: "x-signature" },
  github: { kind: "github", header: null },
  standard: { kind: "standard", header: null },
} as const satisfies Record<string, HookSettings["verification"]>;

function request(headers: SignedRequest["headers"], body = BODY): SignedRequest {
  return { headers, body, receivedAt: NOW };
}

const hmac = (body: Buffer | string = BODY, secret = SECRET) => createHmac("sha256", secret).update(body).digest();

function standard(at = NOW, body = BODY.toString(), id = "msg_1") {
  const signature = new Webhook(STANDARD).sign(id, new Date(at), body);
  return { "webhook-id": id, "webhook-timestamp": String(Math.floor(at / 1_000)), "webhook-signature": signature };
}

describe("a sender that signed is let in", () => {
  test("by a header of its own, as hex or base64", () => {
    assert.ok(isVerified(kinds.hmac, SECRET, request({ "x-signature": hmac().toString("hex") })));
    assert.ok(isVerified(kinds.hmac, SECRET, request({ "x-signature": hmac().toString("base64") })));
  });

  test("as GitHub signs: the vector of its documentation", () => {
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert.ok(isVerified(kinds.github, SECRET, request({ "x-hub-signature-256": signature })));
  });

  test("as Standard Webhooks signs, by any of several signatures, within five minutes", () => {
    const signed = standard();
    assert.ok(isVerified(kinds.standard, STANDARD, request(signed)));
    assert.ok(
      isVerified(kinds.standard, STANDARD, request({ ...signed, "webhook-signature": `v1,AAAA v1a,x ${signed["webhook-signature"]}` })),
    );
    for (const seconds of [-300, 300])
      assert.ok(isVerified(kinds.standard, STANDARD, request(standard(NOW + seconds * 1_000))), String(seconds));
  });

  test("without any check where none is asked for", () => {
    assert.ok(isVerified({ kind: "none", header: null }, null, request({})));
  });
});

describe("everything else is refused", () => {
  const good = {
    hmac: { "x-signature": hmac().toString("hex") },
    github: { "x-hub-signature-256": `sha256=${hmac().toString("hex")}` },
    standard: standard(),
  };
  for (const kind of ["hmac", "github", "standard"] as const) {
    const secret = kind === "standard" ? STANDARD : SECRET;
    const verified = (key: string | null, headers: SignedRequest["headers"], body = BODY) =>
      isVerified(kinds[kind], key, request(headers, body));

    test(`${kind}: where no secret is stored, whatever was signed with`, () => {
      assert.ok(verified(secret, good[kind]));
      for (const missing of [null, ""]) {
        assert.ok(!verified(missing, good[kind]));
        assert.ok(!verified(missing, {}));
        const empty = hmac(BODY, "").toString("hex");
        assert.ok(!verified(missing, { "x-signature": empty, "x-hub-signature-256": `sha256=${empty}` }));
      }
    });

    test(`${kind}: another secret, another body, a header that is missing, cut short, empty or there twice`, () => {
      assert.ok(!verified(kind === "standard" ? "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" : "another secret", good[kind]));
      assert.ok(!verified(secret, good[kind], Buffer.from("Hello, world!")));
      for (const [name, value] of Object.entries(good[kind])) {
        for (const wrong of [undefined, "", value.slice(0, -2), [value, value], `${value.slice(0, -1)}!`])
          assert.ok(!verified(secret, { ...good[kind], [name]: wrong }), `${name}: ${String(wrong)}`);
      }
    });
  }

  test("standard: too old, too new, no time at all, or of another message", () => {
    for (const seconds of [-301, 301]) assert.ok(!isVerified(kinds.standard, STANDARD, request(standard(NOW + seconds * 1_000))));
    for (const stamp of ["x", "-1", "1e9", "99999999999999"])
      assert.ok(!isVerified(kinds.standard, STANDARD, request({ ...standard(), "webhook-timestamp": stamp })));
    assert.ok(!isVerified(kinds.standard, STANDARD, request({ ...standard(), "webhook-id": "msg_2" })));
  });

  test("github: a signature of the older kind, or without its prefix", () => {
    const hex = hmac().toString("hex");
    for (const value of [hex, `sha1=${hex}`, `SHA256=${hex}`])
      assert.ok(!isVerified(kinds.github, SECRET, request({ "x-hub-signature-256": value })));
  });
});
