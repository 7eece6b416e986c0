import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { Check } from "typebox/schema";
import { DEFAULT_TENANT } from "#app";
import { OUTPUT_SCHEMAS } from "#cli/output-schemas";
import { type Receiver, startReceiver } from "#testing/receiver";
import { document, echo, start, todayNews } from "#testing/workflows";
import { WAITS_MS } from "#webhooks/schedule";
import { webhookId } from "#webhooks/webhook-id";
import { openWorld, type World } from "../webhooks/harness.ts";
import { dataOf, errorOf, Project, type Running, urlOf } from "./harness.ts";

const HOUR = 3_600_000;

/** Asks the URL itself. */
const calling = (url: string) =>
  document(
    "calling",
    [start({}), { id: "ask", type: "http", request: { method: "GET", url } }, { id: "end", type: "end", output: {} }],
    ["start -> ask", "ask -> end"],
  );

describe("webhooks", () => {
  let project: Project;
  let target: Receiver;
  let local: Receiver;
  before(async () => {
    project = new Project();
    [target, local] = [await startReceiver(), await startReceiver()];
    project.write("flows/news.json", todayNews);
    project.write("flows/calling.json", calling(target.url("/called")));
    await project.dev();
  });
  after(async () => {
    await project.dispose();
    target.close();
    local.close();
  });

  const listen = async (path: string, ...args: string[]): Promise<Running> => {
    const listening = project.start(["webhooks", "listen", local.url(path), ...args]);
    // With -o json nothing is said: the trace tells that the server has answered.
    await listening.seen(/Listening|^< 200/m);
    return listening;
  };
  const invokeAsync = async (path: string): Promise<string> => {
    const url = target.url(path);
    const { stdout } = await project.run(["invoke", "todayNews", "-i", "topic=tides", "--async", "--webhook", url, "-o", "name"]);
    return stdout.trim();
  };
  /** Asks until the delivery of the run has arrived; resolves with its id. */
  const delivered = async (runId: string): Promise<string> => {
    for (;;) {
      const { stdout } = await project.run(["webhooks", "deliveries", "list", "--run", runId, "--state", "delivered", "-o", "name"]);
      if (stdout !== "") return stdout.trim();
    }
  };
  const deliveries = async (): Promise<unknown> => dataOf(await project.run(["webhooks", "deliveries", "list", "-o", "json"]));

  test("L45 listen prints and forwards each delivery with its signature, and leaves nothing behind", async () => {
    const listening = await listen("/hook");
    assert.match(
      listening.stderr(),
      /^ {2}Listening for deliveries of this server · forwarding to http:\/\/127\.0\.0\.1:\d+\/hook · Ctrl\+C to stop\n/,
    );
    const runId = await invokeAsync("/target");
    const run = `${runId.slice(0, 8)}…${runId.slice(-4)}`;
    await listening.seen(new RegExp(`^ {2}\\d\\d:\\d\\d:\\d\\d {2}POST {2}${run} {2}SUCCEED {2}signed ✔ {2}→ 200 in \\d+ ms\n`));
    const [received] = local.at("/hook");
    const { stdout: secret } = await project.run(["webhooks", "secret", "show", "todayNews"]);
    new Webhook(secret.trim()).verify(received?.body ?? "", received?.headers as Record<string, string>);
    assert.equal(received?.body, target.at("/target")[0]?.body);
    assert.equal(received?.headers["webhook-id"], webhookId(runId, 0));
    assert.equal(await delivered(runId), webhookId(runId, 0));
    const before = await deliveries();
    assert.equal(await listening.end("SIGINT"), 130);
    assert.deepEqual(await deliveries(), before);
    const next = await invokeAsync("/target");
    assert.equal((await project.run(["runs", "wait", next])).status, 0);
    const rows = (await deliveries()) as { data: { runId: string; url: string }[] };
    assert.deepEqual(
      rows.data.map(({ url }) => url),
      [target.url("/target"), target.url("/target")],
    );
    assert.equal(local.at("/hook").length, 1);
  });

  test("under dev a webhook may go to this machine, by name as in the snippets; a workflow may not ask there, and a production server sends nothing", async () => {
    const named = target.url("/named").replace("127.0.0.1", "localhost");
    const call = ["invoke", "todayNews", "-i", "topic=tides", "--async", "--webhook", named, "-o", "name"];
    await delivered((await project.run(call)).stdout.trim());
    assert.equal(target.at("/named").length, 1);
    const refused = await project.run(["invoke", "calling"]);
    assert.deepEqual([refused.status, target.at("/called").length], [3, 0]);
    assert.match(refused.stderr, /^ {2}egress_denied: .* at node ask$/m);
    const production = new Project();
    const key = `mr_${"p".repeat(40)}`;
    const server = production.start(["start", "--port", "0"], { env: { MILLRACE_ADMIN_KEY: key } });
    const [, url = ""] = await server.seen(/"url":"(http:[^"]+)"/);
    const env = { MILLRACE_ENDPOINT: url, MILLRACE_API_KEY: key };
    dataOf(await project.run(["deploy", "flows/news.json", "--publish", "--json"], { env }));
    const denied = await project.run(call.with(-1, "json"), { env });
    await production.dispose();
    assert.deepEqual([denied.status, errorOf(denied).httpStatus], [2, 400]);
  });

  test("L45 listen -o json prints a line of JSON for each, whatever its receiver answers", async () => {
    local.answer("/fails", (response) => response.writeHead(503).end());
    const listening = await listen("/fails", "-o", "json", "-v");
    const runId = await invokeAsync("/json");
    await listening.seen(/\}\n/);
    assert.equal((await project.run(["webhooks", "trigger", "todayNews"])).stdout, "  test event of todayNews   one listener\n");
    await listening.seen(/\n.*\}\n/);
    await listening.end("SIGINT");
    const lines = listening.stdout().trimEnd().split("\n");
    const rows = lines.map((line) => JSON.parse(line) as { runId: string; httpStatus: number; signed: boolean });
    assert.deepEqual(
      rows.map(({ httpStatus, signed }) => [httpStatus, signed]),
      [
        [503, true],
        [503, true],
      ],
    );
    assert.equal(rows[0]?.runId, runId);
    const schema = OUTPUT_SCHEMAS["webhooks listen"];
    assert.ok(schema);
    for (const row of rows) assert.ok(Check(schema, row), JSON.stringify(row));
  });

  test("a test event needs somebody who takes it", async () => {
    const nobody = await project.run(["webhooks", "trigger", "todayNews", "-o", "json"]);
    assert.deepEqual([nobody.status, nobody.stdout, errorOf(nobody).type], [3, "", "webhook_failed"]);
    const sent = await project.run(["webhooks", "trigger", "todayNews", target.url("/test")]);
    assert.match(sent.stdout, /^ {2}test event of todayNews {3}http:\S+\/test answered 200 in \d+ ms\n$/);
    target.answer("/test-fails", (response) => response.writeHead(500).end());
    const refused = await project.run(["webhooks", "trigger", "todayNews", target.url("/test-fails")]);
    assert.deepEqual([refused.status, refused.stdout], [3, ""]);
    assert.match(refused.stderr, /^webhook_failed: http:\S+ answered 500\n/);
    const unknown = await project.run(["webhooks", "trigger", "todayNew", target.url("/test")]);
    assert.equal(unknown.status, 5);
    assert.match(unknown.stderr, /did you mean todayNews\?/);
  });

  test("a delivery is read with its attempts, and sent again under its id", async () => {
    const id = await delivered(await invokeAsync("/again"));
    const resent = await project.run(["webhook", "delivery", "resend", id]);
    assert.equal(resent.status, 0, resent.stderr);
    assert.match(resent.stdout, new RegExp(`^ {2}${id} {3}due {3}POST http`));
    const shown = await project.run(["webhooks", "deliveries", "get", id]);
    assert.match(shown.stdout, new RegExp(`^delivery +${id}\nrun +[0-9a-f-]{36}\nto +POST http`));
    assert.match(shown.stdout, /ATTEMPT +BEGAN +TOOK +ANSWER\n1 +\S+ +\d+ ms +200\n/);
    assert.equal((await project.run(["webhooks", "deliveries", "get", "msg_nothing_0"])).status, 5);
    assert.equal((await project.run(["webhooks", "deliveries", "recover"])).status, 2);
  });

  test("a secret that was rotated is another, and needs a yes", async () => {
    const shown = await project.run(["webhooks", "secret", "show", "todayNews"]);
    assert.match(shown.stdout, /^whsec_\S+\n$/);
    assert.equal((await project.run(["webhooks", "secret", "rotate", "todayNews"])).status, 2);
    const rotated = await project.run(["webhooks", "secret", "rotate", "todayNews", "--yes"]);
    assert.match(rotated.stdout, /^whsec_\S+\n$/);
    assert.match(rotated.stderr, /^The secret before it signs too until \d{4}-/);
    assert.notEqual(rotated.stdout, shown.stdout);
    assert.equal((await project.run(["webhooks", "secret", "show", "todayNews"])).stdout, rotated.stdout);
  });

  test("listen goes on after a restart of the server, and says what was not shown", async () => {
    const own = new Project();
    try {
      own.write("flows/news.json", todayNews);
      const first = await own.dev();
      const port = /:(\d+)$/.exec(urlOf(first))?.[1] ?? "";
      const listening = own.start(["webhooks", "listen", local.url("/again"), "--endpoint", urlOf(first)]);
      await listening.seen(/Listening/);
      await first.end("SIGTERM");
      await listening.seen(/^ {2}The connection is lost; what is delivered until it is there again is not shown\n/m);
      await own.dev(["--port", port]);
      await listening.seen(/Listening[\s\S]*Listening/);
      assert.equal((await own.run(["webhooks", "trigger", "todayNews"])).status, 0);
      await listening.seen(/test event {2}SUCCEED {2}signed ✔ {2}→ 200/);
    } finally {
      await own.dispose();
    }
  });

  test("listen refuses what is no URL, and a server that is not there", async () => {
    assert.equal((await project.run(["webhooks", "listen", "localhost:3000"])).status, 2);
    assert.equal((await project.run(["webhooks", "listen", local.url("/"), "--endpoint", "http://127.0.0.1:9"])).status, 1);
    const noKey = await project.run(["webhooks", "listen", local.url("/")], { env: { MILLRACE_API_KEY: `mr_${"x".repeat(40)}` } });
    assert.equal(noKey.status, 4);
  });
});

/** Lets a delivery fail for good. */
async function failAll(world: World, key: string): Promise<string> {
  const runId = await world.start(key, [{ method: "POST", url: world.receiver.url("/down") }]);
  for (let attempts = 1; attempts < WAITS_MS.length; attempts++) {
    const { dueAt } = await world.until(runId, 0, (row) => row.attempts === attempts);
    world.clock.moveTo(dueAt ?? 0);
  }
  await world.until(runId, 0, ({ state }) => state === "failed");
  return runId;
}

test("L47 deliveries recover --since sends again exactly those that failed since then", async () => {
  // The schedule takes 76 to 84 hours: the first has failed more than a day ago, the second less.
  const world = await openWorld({ start: Date.now() - 200 * HOUR });
  const project = new Project();
  try {
    world.receiver.answer("/down", (response) => response.writeHead(500).end());
    const { key } = await world.server.publish(echo);
    const { key: admin } = await world.server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const old = await failAll(world, key);
    world.clock.moveTo(Date.now() - 84 * HOUR);
    const recent = await failAll(world, key);
    const fine = await world.start(key, [{ method: "POST", url: world.receiver.url("/fine") }]);
    await world.until(fine, 0, ({ state }) => state === "delivered");
    world.receiver.answer("/down", (response) => void response.end());
    const env = { MILLRACE_ENDPOINT: `http://127.0.0.1:${world.server.port}`, MILLRACE_API_KEY: admin };
    const listed = await project.run(["webhooks", "deliveries", "list", "--state", "failed", "-o", "name"], { env });
    assert.deepEqual(listed.stdout.trimEnd().split("\n"), [webhookId(recent, 0), webhookId(old, 0)]);
    const recovered = await project.run(["webhooks", "deliveries", "recover", "--since", "24h"], { env });
    assert.deepEqual([recovered.status, recovered.stdout], [0, "  1 delivery that had failed since 24h: due again\n"]);
    await world.until(recent, 0, ({ state }) => state === "delivered");
    const down = world.receiver.at("/down");
    assert.equal(down.length, 21);
    assert.equal(down.at(-1)?.headers["webhook-id"], webhookId(recent, 0));
    assert.equal(world.receiver.at("/fine").length, 1);
    assert.equal(
      (await project.run(["webhooks", "deliveries", "list", "--state", "failed", "-o", "name"], { env })).stdout.trim(),
      webhookId(old, 0),
    );
  } finally {
    await world.close();
    await project.dispose();
  }
});
