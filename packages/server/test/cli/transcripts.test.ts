import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Receiver, startReceiver } from "#testing/receiver";
import { document, start } from "#testing/workflows";
import { Project, type Result, type Running } from "./harness.ts";

// L20: what a person sees of the commands that are used first and most, whole. Times, ids, keys and ports are masked, and columns are a
// little wider or narrower by what stands in them.

const TOPIC = start({ topic: { type: "string" } }, ["topic"]);
const END = { id: "end", type: "end", output: { text: "{{ summarise.text }}" } };

const todayNews = (prompt: string, url: string) =>
  document(
    "todayNews",
    [
      TOPIC,
      { id: "fetch", type: "http", request: { method: "GET", url } },
      { id: "summarise", type: "llm", model: "openai/gpt-4o-mini", prompt: `${prompt} {{ fetch.body }}` },
      END,
    ],
    ["start -> fetch", "fetch -> summarise", "summarise -> end"],
  );
const other = (name: string) => document(name, [TOPIC, { id: "end", type: "end", output: {} }], ["start -> end"]);

function masked(text: string): string {
  return text
    .replaceAll(/\bmr_...….{4}/g, "KEY")
    .replaceAll(/#link=[\w-]{40}/g, "#link=TOKEN")
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{8}….{4}/g, "RUN")
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, "TIME")
    .replaceAll(/\b[\d.]+ (?:ms|s)\b/g, "TIME")
    .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, "$1:PORT")
    .replaceAll(/(?<=\S) {2,}/g, "  ");
}

/** What a terminal shows of it. */
const shown = ({ stdout, stderr }: Pick<Result, "stdout" | "stderr">) => masked(stderr + stdout);

describe("L20: transcripts", () => {
  let project: Project;
  let dev: Running;
  let outside: Receiver;
  before(async () => {
    project = new Project();
    outside = await startReceiver();
    outside.answer("/v1/chat/completions", (response) => response.writeHead(401).end());
    outside.answer("/down/chat/completions", (response) => response.writeHead(500).end());
    project.write("flows/a.json", todayNews("Summarise", outside.url("/news")));
    project.write("flows/b.json", other("translate"));
    project.write("flows/c.json", other("approveRefund"));
    dev = await project.dev(undefined, { env: { MILLRACE_EGRESS_ALLOW: "127.0.0.1" } });
  });
  after(async () => {
    await project.dispose();
    outside.close();
  });

  const run = (line: string) => project.bash(`millrace ${line}`);

  test("dev", () => {
    assert.equal(
      masked(dev.stdout()),
      `  Millrace 0.1.0  ready in TIME  data ./.millrace (embedded)  engine embedded
  Console  http://127.0.0.1:PORT  API  http://127.0.0.1:PORT/v1
  Open  http://127.0.0.1:PORT/login#link=TOKEN  (works once; another: millrace open)
  Key  KEY  for approveRefund  (created, saved to ./.millrace/dev.key)
  Flows  3 loaded from ./flows  approveRefund  todayNews  translate
  Try  curl -s localhost:PORT/v1/workflow/invoke -H "Authorization: Bearer $(cat .millrace/dev.key)" \\
             -H 'Content-Type: application/json' -d '{"input":{"topic":"text"}}'
`,
    );
  });

  test("an invoke that fails: what the nodes did, what it cost, why, and what helps", async () => {
    const connect = `connections set openai --provider openai-compatible --base-url ${outside.url("/v1")}`;
    assert.equal((await project.bash(`echo sk-wrong | millrace ${connect}`)).status, 0);
    const { status, ...text } = await run("invoke todayNews -i topic=News");
    assert.equal(status, 3);
    const [nodes, cause, hint, summary, ...rest] = shown(text).split("\n");
    assert.equal(nodes, "  ✔ start TIME  ✔ fetch TIME  ✖ summarise TIME");
    assert.equal(summary, "  FAILED in TIME · 0 tokens · 0 credits · http://127.0.0.1:PORT/runs/RUN");
    assert.match(cause ?? "", /^ {2}llm_auth: The model provider answered 401.* at node summarise \(model gpt-4o-mini\)$/);
    assert.equal(hint, "  hint: millrace connections set openai  or  millrace invoke … --mock");
    assert.deepEqual(rest, [""]);
  });

  test("an invoke that fails after all of its attempts", async () => {
    const connect = `connections set openai --provider openai-compatible --base-url ${outside.url("/down")}`;
    assert.equal((await project.bash(`echo sk-right | millrace ${connect}`)).status, 0);
    const { status, ...text } = await run("invoke todayNews -i topic=News");
    assert.equal(status, 3);
    const [nodes, cause] = shown(text).split("\n");
    assert.equal(nodes, "  ✔ start TIME  ✔ fetch TIME  ✖ summarise TIME  (attempt 3/3)");
    assert.match(cause ?? "", /^ {2}llm_error: The model provider answered 500.* at node summarise \(model gpt-4o-mini\)$/);
  });

  test("webhooks listen", async () => {
    const listening = project.start(["webhooks", "listen", outside.url("/hook")]);
    await listening.seen(/Listening/);
    await run(`invoke translate -i topic=a --async --webhook ${outside.url("/target")}`);
    await listening.seen(/→ 200/);
    assert.equal(
      masked(listening.stderr() + listening.stdout()),
      "  Listening for deliveries of this server · forwarding to http://127.0.0.1:PORT/hook · Ctrl+C to stop\n" +
        "  TIME  POST  RUN  SUCCEED  signed ✔  → 200 in TIME\n",
    );
    await listening.end("SIGINT");
  });

  test("the language of the environment is the language of what a server says; code and type are the same", async () => {
    const said = async (env: Record<string, string>) => {
      const { status, stderr } = await project.run(["invoke", "translate", "--input", '{"topic":1}', "-o", "json"], { env });
      assert.equal(status, 2, stderr);
      const { type, code, message } = (JSON.parse(stderr) as { error: { type: string; code: number; message: string } }).error;
      return [message, `${type} ${code}`];
    };
    const [english = "", codes = ""] = await said({ LANG: "C.UTF-8" });
    assert.doesNotMatch(english, /\P{ASCII}/u);
    for (const env of [
      { LANG: "ja_JP.UTF-8" },
      { LANG: "en_US.UTF-8", LC_MESSAGES: "zh_TW.UTF-8" },
      { LC_ALL: "zh_CN", LANG: "en" },
    ] as const) {
      const [message = "", same] = await said(env);
      assert.match(message, /\P{ASCII}/u, JSON.stringify(env));
      assert.equal(same, codes);
    }
  });

  test("deploy, again, and back", async () => {
    await dev.end();
    const key = `mr_${"t".repeat(40)}`;
    const server = project.start(["start", "--port", "0"], { env: { MILLRACE_ADMIN_KEY: key, MILLRACE_DATA_DIR: "server" } });
    const [, url = ""] = await server.seen(/"url":"(http:[^"]+)"/);
    const env = { MILLRACE_ENDPOINT: url, MILLRACE_API_KEY: key };
    const at = async (line: string) => {
      const result = await project.bash(`millrace ${line}`, { env });
      assert.equal(result.status, 0, result.stderr);
      return masked(result.stdout);
    };
    await at("deploy flows/a.json flows/b.json --publish");
    project.write("flows/a.json", todayNews("Shorter:", outside.url("/news")));
    const publish = "deploy flows/a.json flows/b.json --publish -m 'shorter prompt'";
    assert.equal(await at(publish), "  todayNews  1 changed  summarise › prompt  published 1.0.1 (was 1.0.0)\n  translate  no changes\n");
    assert.equal(await at(publish), "  no changes\n");
    assert.equal(await at("versions rollback todayNews 1.0.0"), "  todayNews  live 1.0.1 → 1.0.0  draft untouched\n");
    await server.end();
  });

  test("doctor: silent, and with a fault", async () => {
    const sound = await run("doctor");
    assert.deepEqual([sound.status, sound.stdout, sound.stderr], [0, "", ""]);
    const faulty = await project.bash("millrace doctor", { env: { MILLRACE_DATA_DIR: "flows/a.json" } });
    assert.deepEqual([faulty.status, faulty.stdout], [3, ""]);
    assert.match(faulty.stderr, /^ {2}data: \.\/flows\/a\.json is not a directory → .+\n$/);
  });
});
