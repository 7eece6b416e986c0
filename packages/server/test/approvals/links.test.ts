import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { Answer } from "#testing/server";
import { AMOUNT, asking, HOUR_MS, World } from "./harness.ts";

const world = new World();
let filled = "";
let all = "";
let lasting = "";

before(async () => {
  await world.open();
  ({ key: filled } = await world.server.publish(
    asking("filled", { form: AMOUNT, title: "Refund <b>{{ start.order }}</b>?", details: { html: "<script>alert(1)</script>" } }),
  ));
  ({ key: all } = await world.server.publish(asking("all", { approvers: { people: ["Ann@example.org", "bob"], needed: "all" } })));
  ({ key: lasting } = await world.server.publish(asking("lasting", { timeout: { afterMs: 24 * HOUR_MS } })));
});
after(() => world.close());

/** The path of a new link. */
async function linkTo(id: string, person: string, expiresInHours = 24): Promise<string> {
  const { status, json, text } = await world.call("POST", `/${id}/links`, { for: person, expiresInHours });
  assert.equal(status, 201, text);
  return new URL(String(json["url"])).pathname;
}

const get = (path: string, headers: { readonly [name: string]: string } = {}) => world.server.call("GET", path, { headers });

const proofOf = (page: Answer): string => / name="proof" value="([^"]+)"/.exec(page.text)?.[1] ?? "";

function post(
  path: string,
  fields: { readonly [name: string]: string },
  headers: { readonly [name: string]: string } = {},
): Promise<Answer> {
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  return world.server.call("POST", path, { headers: { ...type, ...headers }, body: new URLSearchParams(fields).toString() });
}

test("a link shows the approval without signing in, in the reader's language, without scripts; what users wrote is text", async () => {
  const { id } = await world.ask(filled);
  const path = await linkTo(id, "customer@example.org");
  const page = await get(path);
  assert.equal(page.status, 200);
  assert.match(page.text, /Refund &lt;b&gt;A-17&lt;\/b&gt;\?/);
  assert.match(page.text, /&lt;script&gt;alert/);
  assert.doesNotMatch(page.text, /<script|<b>/);
  const policy = String(page.headers["content-security-policy"]);
  assert.match(policy, /^default-src 'none'; style-src 'sha256-/);
  assert.match(policy, /form-action 'self'; frame-ancestors 'none'$/);
  const { "referrer-policy": referrer, "cache-control": cache, "x-robots-tag": robots } = page.headers;
  assert.deepEqual([referrer, cache, robots], ["no-referrer", "no-store", "noindex, nofollow"]);
  for (const [language, button] of [
    ["en", "Approve"],
    ["zh-CN", "同意"],
    ["zh-TW", "拒絕"],
    ["ja", "承認する"],
  ] as const) {
    const { text } = await get(path, { "Accept-Language": language });
    assert.ok(text.includes(`<html lang="${language}">`) && text.includes(button), language);
  }
});

test("looking decides nothing; the form decides once, is checked field by field, and is audited in the person's name", async () => {
  const { runId, id } = await world.ask(filled);
  const path = await linkTo(id, " Customer ");
  for (let look = 0; look < 3; look++) await get(`${path}?action=approve`);
  assert.equal((await world.read(id)).status, "OPEN");
  const proof = proofOf(await get(path));
  const wrong = await post(path, { proof, action: "approve", "f.amount": "-1", comment: "kept" });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /aria-invalid="true"/);
  assert.match(wrong.text, /value="-1"/);
  assert.match(wrong.text, /Amount: expected &gt;= 0, got -1/);
  assert.match(wrong.text, />kept<\/textarea>/);
  const done = await post(path, { proof, action: "approve", "f.amount": "3.5", comment: "" });
  assert.deepEqual([done.status, done.headers["location"]], [303, path]);
  assert.match((await get(path)).text, /Your answer was recorded/);
  assert.deepEqual(await world.output(filled, runId), { port: "approve", action: "approve", form: { amount: 3.5 }, by: "Customer" });
  const again = await post(path, { proof, action: "reject" });
  assert.deepEqual([again.status, (await world.read(id)).decision?.action], [409, "approve"]);
  const { data } = (await world.server.call("GET", `/api/v1/audit?target=${id}&action=decideApproval`, { key: world.admin })).json as {
    data: { actor: JsonObject; result: string }[];
  };
  assert.deepEqual(
    data.map(({ actor, result }) => [actor["kind"], actor["name"], result]),
    [
      ["nobody", "Customer", "refused"],
      ["nobody", "Customer", "done"],
      ["nobody", "Customer", "refused"],
    ],
  );
});

test("S16 a request that does not come from the page decides nothing", async () => {
  const { id } = await world.ask(filled);
  const path = await linkTo(id, "ann");
  const proof = proofOf(await get(path));
  const other = proofOf(await get(await linkTo(id, "bob")));
  const fields = { action: "reject" };
  for (const request of [
    post(path, fields),
    post(path, { ...fields, proof: other }),
    post(path, { ...fields, proof: `${proof}x` }),
    post(path, { ...fields, proof }, { "Sec-Fetch-Site": "cross-site" }),
  ])
    assert.equal((await request).status, 404);
  assert.equal((await world.read(id)).status, "OPEN");
});

test("S16 each has a link of their own: a person counts once, and nobody else gets one", async () => {
  const { runId, id } = await world.ask(all);
  const refused = await world.call("POST", `/${id}/links`, { for: "mallory" });
  assert.deepEqual([refused.status, refused.json["type"]], [403, "/errors/not_approver"]);
  const [ann, again, bob] = [await linkTo(id, "ann@example.org"), await linkTo(id, "ANN@EXAMPLE.ORG", 1), await linkTo(id, "Bob")];
  const approve = async (path: string) => (await post(path, { proof: proofOf(await get(path)), action: "approve" })).status;
  assert.equal(await approve(ann), 303);
  // Her other link shows that she has answered, and has no form.
  assert.equal(proofOf(await get(again)), "");
  assert.deepEqual([(await world.read(id)).status, (await world.read(id)).answers.length], ["OPEN", 1]);
  assert.equal(await approve(bob), 303);
  assert.equal((await world.output(all, runId))["by"], "Bob");
});

test("S16 a link ends at its time, and with its approval; what is no link of this server is the same page", async () => {
  const { runId, id } = await world.ask(lasting);
  const path = await linkTo(id, "ann", 1);
  const token = path.split("/").at(-1) ?? "";
  const [payload = "", mac = ""] = token.split(".");
  const none = await get("/approvals/mra_nothing");
  for (const bad of [
    token.slice(0, -1),
    `${token}A`,
    `${payload}.${mac.split("").reverse().join("")}`,
    payload,
    `mra_.${mac}`,
    "x".repeat(1_000),
  ]) {
    const { status, text } = await get(`/approvals/${bad}`);
    assert.deepEqual([status, text], [404, none.text], bad);
  }
  world.clock.forward(HOUR_MS / 2);
  assert.equal((await get(path)).status, 200);
  world.clock.forward(HOUR_MS / 2);
  assert.equal((await get(path)).text, none.text);
  assert.equal((await world.decide(id, { action: "approve" })).status, 200, "it is still open");
  await world.ended(lasting, runId);
  const late = await world.call("POST", `/${id}/links`, { for: "ann" });
  assert.equal(late.status, 409);
});
