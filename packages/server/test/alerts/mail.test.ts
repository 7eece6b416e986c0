import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { type AlertEventView, type AlertView, type DeliveryView, LIMITS, type TestAlertAnswer } from "@millrace/contract";
import { SMTPServer } from "smtp-server";
import { DEFAULT_TENANT } from "#app";
import { createCertificate } from "#egress/testing/certificate";
import { startTestServer, type TestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";

// Alerts by mail, to a real mail server on loopback.

interface Received {
  readonly to: readonly string[];
  readonly text: string;
}

const received: Received[] = [];
/** How the next mails are answered, the first of them first; then they are taken. */
const refusals: number[] = [];

const mailServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onAuth: () => assert.fail("no password may come over an open line"),
  onData: (stream, session, done) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const responseCode = refusals.shift();
      if (responseCode !== undefined) return done(Object.assign(new Error("not now"), { responseCode }));
      received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString("utf8") });
      return done(null, "taken");
    });
  },
});

const clock = standingClock(Date.now());
let port = 0;
let server: TestServer;
let admin = "";
before(async () => {
  await new Promise<void>((resolve) => mailServer.listen(0, "127.0.0.1", resolve));
  const address = mailServer.server.address();
  assert.ok(address && typeof address === "object");
  ({ port } = address);
  const settings = { smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: "Millrace <alerts@example.com>" };
  server = await startTestServer({ settings, surroundings: { clock } });
  admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
});
after(async () => {
  await server.close();
  await new Promise<void>((resolve) => mailServer.close(resolve));
});

const manage = (method: string, path: string, body?: object) => server.call(method, path, { key: admin, ...(body && { body }) });
const rule = (url: string, more: object = {}) =>
  manage("POST", "/api/v1/alerts", { kind: "budget", threshold: 80, channel: { kind: "email", url }, ...more });
const headerOf = ({ text }: Received, name: string) => new RegExp(`^${name}: (.*)\r$`, "im").exec(text)?.[1];

async function mails(count: number): Promise<readonly Received[]> {
  while (received.length < count) await setImmediate();
  return received;
}

test("Test mails a marked sentence to all addresses, and says what the mail server answered", async () => {
  const { status, json, text } = await rule("mailto:ops@example.com, lead@example.com", { name: "night watch" });
  assert.equal(status, 201, text);
  const alert = json as unknown as AlertView;
  assert.deepEqual(alert.channel, { kind: "email", url: "mailto:ops@example.com,lead@example.com" });
  const answer = (await manage("POST", `/api/v1/alerts/${alert.id}/test`)).json as unknown as TestAlertAnswer;
  assert.deepEqual([answer.delivered, answer.response?.status, answer.response?.body], [true, 250, "250 taken"]);
  const [mail] = await mails(1);
  assert.ok(mail);
  assert.deepEqual(mail.to, ["ops@example.com", "lead@example.com"]);
  assert.deepEqual([headerOf(mail, "From"), headerOf(mail, "Subject")], ["Millrace <alerts@example.com>", "Millrace [test] night watch"]);
  await manage("DELETE", `/api/v1/alerts/${alert.id}`);
});

test("what fires is mailed, tried again where the mail server refuses for now, as the same message, and told when it is over", async () => {
  const { json } = await rule("mailto:ops@example.com", { kind: "no_activity", threshold: undefined, windowS: 3_600 });
  const { id } = json as unknown as AlertView;
  const before = received.length;
  refusals.push(451);
  clock.moveTo(clock.now() + 2 * 3_600_000);
  const events = async () => (await manage("GET", `/api/v1/alerts/events?alert=${id}`)).json["data"] as unknown as AlertEventView[];
  while ((await events()).length === 0);
  const [event] = await events();
  const delivery = async () => (await manage("GET", `/api/v1/webhooks/deliveries/${event?.deliveryId}`)).json as unknown as DeliveryView;
  while ((await delivery()).attemptCount === 0);
  assert.deepEqual([(await delivery()).state, received.length], ["due", before]);
  clock.moveTo(clock.now() + 10_000);
  const mail = (await mails(before + 1)).at(-1);
  assert.ok(mail && event);
  assert.ok(mail.text.includes(event.text), mail.text);
  assert.match(headerOf(mail, "Subject") ?? "", /^Millrace \[alert\] /);
  assert.equal(headerOf(mail, "Message-ID"), `<${event.deliveryId}@millrace>`);
  while ((await delivery()).state !== "delivered");
  const { attempts } = await delivery();
  assert.deepEqual(
    attempts.map(({ response }) => response?.status),
    [451, 250],
  );
});

test("addresses that are none, too many, and mail without a mail server are refused with the fix", async () => {
  const most = LIMITS.alertAddresses.value;
  const list = (count: number) => `mailto:${Array.from({ length: count }, (_, n) => `a${n}@example.com`).join(",")}`;
  assert.equal((await rule(list(most))).status, 201);
  for (const url of [
    list(most + 1),
    "mailto:",
    "mailto:nobody",
    "ops@example.com",
    "mailto:a@b.c?bcc=x@y.z\r\nTo: z@y.x",
    "https://example.com",
  ]) {
    const { status, text } = await rule(url);
    assert.equal(status, 400, url);
    assert.match(text, /mailto:ops@example\.com/);
  }
  const without = await startTestServer();
  try {
    const { key } = await without.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const body = { kind: "budget", channel: { kind: "email", url: "mailto:ops@example.com" } };
    const { status, text } = await without.call("POST", "/api/v1/alerts", { key, body });
    assert.equal(status, 400);
    assert.match(text, /MILLRACE_SMTP_URL/);
  } finally {
    await without.close();
  }
});

test("a password is given to no mail server over an open line", async () => {
  const open = await startTestServer({ settings: { smtpUrl: `smtp://user:secret-password@127.0.0.1:${port}` } });
  try {
    const { key } = await open.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const body = { kind: "budget", channel: { kind: "email", url: "mailto:ops@example.com" } };
    const { json } = await open.call("POST", "/api/v1/alerts", { key, body });
    const before = received.length;
    const answer = (await open.call("POST", `/api/v1/alerts/${String(json["id"])}/test`, { key })).json as unknown as TestAlertAnswer;
    assert.equal(answer.delivered, false);
    assert.doesNotMatch(JSON.stringify(answer), /secret-password/);
    assert.equal(received.length, before);
  } finally {
    await open.close();
  }
});

test("with TLS and a password, as the operator says", async () => {
  const { key, cert } = createCertificate(["127.0.0.1"]);
  const seen: string[] = [];
  const secure = new SMTPServer({
    ...{ secure: true, key, cert },
    onAuth: ({ username, password }, _session, done) => {
      seen.push(`${username} ${password}`);
      return done(null, { user: username });
    },
    onData: (stream, _session, done) => void stream.resume().on("end", () => done(null, "taken")),
  });
  await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
  const address = secure.server.address();
  assert.ok(address && typeof address === "object");
  const settings = { smtpUrl: `smtps://ops%40example.com:pass%2Fword@127.0.0.1:${address.port}` };
  const trusting = await startTestServer({ settings, surroundings: { egress: { trust: cert } } });
  try {
    const { key: owner } = await trusting.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const body = { kind: "budget", channel: { kind: "email", url: "mailto:ops@example.com" } };
    const { json } = await trusting.call("POST", "/api/v1/alerts", { key: owner, body });
    const answer = (await trusting.call("POST", `/api/v1/alerts/${String(json["id"])}/test`, { key: owner })).json;
    assert.equal(answer["delivered"], true, JSON.stringify(answer));
    assert.deepEqual(seen, ["ops@example.com pass/word"]);
  } finally {
    await trusting.close();
    await new Promise<void>((resolve) => secure.close(resolve));
  }
});
