import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { errorOf, Project, type Result, urlOf } from "./harness.ts";

const greet = (text: string) => `format: millrace/1
name: greet
nodes:
  - id: start
    type: start
    input: { type: object, properties: { name: { type: string }, times: { type: integer, minimum: 3 } }, required: [name, times] }
  - id: end
    type: end
    output: { greeting: "${text} {{ start.name }}" }
edges: [start -> end]
`;

/** The lines behind `Try`, as somebody would select and paste them. */
function tryLines(banner: string): string {
  const lines = banner.slice(banner.indexOf("  Try      ") + "  Try      ".length);
  assert.match(lines, /^curl /);
  return lines;
}

function assertSucceeded(result: Result): Record<string, unknown> {
  assert.equal(result.status, 0, result.stderr);
  const body = JSON.parse(result.stdout) as Record<string, unknown>;
  assert.equal(body["status"], "SUCCEED", result.stdout);
  return body;
}

/** A loopback URL, and the text that is first posted there. */
async function listener(): Promise<readonly [told: Promise<string>, url: string]> {
  const server = createHttpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const told = new Promise<string>((resolve, reject) => {
    server.once("request", (request, response) => {
      text(request).then(resolve, reject);
      response.end(() => server.close());
    });
  });
  return [told, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`];
}

describe("millrace dev", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.dispose());

  test("L2: in an empty folder serves the example, and what it prints can be pasted", async () => {
    const dev = await project.dev();
    const masked = dev
      .stdout()
      .replace(/\d+\.\d s/, "0.0 s")
      .replace(/mr_...….{4}/, "mr_xxx…xxxx")
      .replace(/link=[A-Za-z0-9_-]{40} /, "link=TOKEN ")
      .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, "$1:PORT");
    assert.equal(
      masked,
      `  Millrace 0.1.0  ready in 0.0 s     data ./.millrace (embedded)   engine embedded
  Console  http://127.0.0.1:PORT     API  http://127.0.0.1:PORT/v1
  Open     http://127.0.0.1:PORT/login#link=TOKEN  (works once; another: millrace open)
  Key      mr_xxx…xxxx  for todayNews  (created, saved to ./.millrace/dev.key)
  Flows    1 built-in example     todayNews     (your own go into ./flows)
  Try      curl -s localhost:PORT/v1/workflow/invoke -H "Authorization: Bearer $(cat .millrace/dev.key)" \\
             -H 'Content-Type: application/json' -d '{"input":{"topic":"News"}}'
`,
    );
    const body = assertSucceeded(await project.bash(tryLines(dev.stdout())));
    const { news } = body["output"] as { news: Record<string, string>[] };
    assert.ok(news.length > 1);
    for (const article of news) assert.deepEqual(Object.keys(article), ["summary", "media", "title"]);
    assert.deepEqual(readdirSync(project.cwd), [".millrace"], "nothing else is written");
    assert.equal(dev.stderr(), "");
  });

  test("the example answers any topic", async () => {
    await project.dev();
    const topics = ["weather", "", "   ", "ニュース", "a.*(b", "🎈", "SPORT and wind", "x".repeat(5_000)];
    for (const topic of topics) {
      const result = await project.run(["invoke", "todayNews", "--input", "@-", "-o", "json"], { input: JSON.stringify({ topic }) });
      const { news } = assertSucceeded(result)["output"] as { news: unknown[] };
      assert.ok(news.length > 0, topic);
    }
    const { stdout } = await project.run(["invoke", "todayNews", "-i", "topic=Weather", "-o", "json"]);
    assert.equal((JSON.parse(stdout) as { output: { news: unknown[] } }).output.news.length, 1, "those that match");
  });

  test("L54: keeps its keys in files of mode 0600, which alone hold them, and uses them again", async () => {
    const first = await project.dev();
    for (const name of ["dev.key", "admin.key", "secret.key"])
      assert.equal(statSync(project.path(".millrace", name)).mode & 0o777, 0o600, name);
    const keys = [project.read(".millrace/dev.key"), project.read(".millrace/admin.key")];
    for (const [index, name] of ["dev.key", "admin.key"].entries())
      assert.equal((await project.bash(`grep -rlF "${keys[index]?.trim()}" .`)).stdout, `./.millrace/${name}\n`);
    assert.equal(await first.end("SIGTERM"), 0);
    const second = await project.dev();
    assert.match(second.stdout(), /\(from \.\/\.millrace\/dev\.key\)/);
    assert.deepEqual([project.read(".millrace/dev.key"), project.read(".millrace/admin.key")], keys);
    const { revision } = JSON.parse((await project.run(["workflows", "get", "todayNews", "--json"])).stdout) as { revision: number };
    assert.equal(revision, 1, "a second start saves nothing anew");
    assertSucceeded(await project.bash(tryLines(second.stdout())));
  });

  test("makes new keys where those of the files are no longer known", async () => {
    await (await project.dev()).end();
    project.write(".millrace/dev.key", `mr_${"x".repeat(40)}\n`);
    unlinkSync(project.path(".millrace/admin.key"));
    const dev = await project.dev();
    assert.match(dev.stdout(), /\(created, saved to/);
    assertSucceeded(await project.bash(tryLines(dev.stdout())));
    assert.equal((await project.run(["workflows", "list"])).status, 0);
  });

  test("serves ./flows, the good ones, and says what is wrong with the others", async () => {
    project.write("flows/b-greet.yaml", greet("Hello"));
    project.write("flows/a-bad.yaml", greet("Hello").replace("name: greet", "name: bad").replace("start.name }}", "start.nam }}"));
    project.write("flows/c-again.yaml", greet("Hi"));
    project.write("flows/notes.txt", "not a workflow");
    const dev = await project.dev();
    assert.match(dev.stdout(), /Flows {4}1 loaded from \.\/flows, 2 with errors {5}greet\n/);
    assert.match(dev.stderr(), /^ {2}flows\/a-bad\.yaml:9:35 unknown_variable: .*did you mean start\.name/m);
    assert.match(dev.stderr(), /^ {2}flows\/c-again\.yaml:2:7 duplicate_name: flows\/b-greet\.yaml/m);
    assert.match(dev.stdout(), /-d '\{"input":\{"name":"text","times":3\}\}'/);
    assertSucceeded(await project.bash(tryLines(dev.stdout())));
  });

  test("publishes a file again when it changes, and says so in one line", async () => {
    project.write("flows/greet.yaml", greet("Hello"));
    const dev = await project.dev();
    project.write("flows/greet.yaml", greet("Good day"));
    await dev.seen(/^ {2}greet {3}published 1\.0\.1 {3}flows\/greet\.yaml$/m);
    const { output } = assertSucceeded(await project.bash(tryLines(dev.stdout())));
    assert.deepEqual(output, { greeting: "Good day text" });
    project.write("flows/greet.yaml", "format: millrace/1\nname: [");
    await dev.seen(/^ {2}flows\/greet\.yaml:\d+:\d+ file_unreadable: /m);
    assert.deepEqual(
      assertSucceeded(await project.bash(tryLines(dev.stdout())))["output"],
      { greeting: "Good day text" },
      "the last good one goes on",
    );
    project.write("flows/second.yaml", greet("Two").replace("name: greet", "name: second"));
    await dev.seen(/^ {2}second {3}published 1\.0\.0 {3}flows\/second\.yaml$/m);
    unlinkSync(project.path("flows/second.yaml"));
    await dev.seen(/^ {2}second {3}goes on being served without its file/m);
  });

  test("dev.key selects the first workflow by name", async () => {
    project.write("flows/a.yaml", greet("Hello").replace("name: greet", "name: zeta"));
    project.write("flows/z.json", {
      format: "millrace/1",
      name: "alpha",
      nodes: [
        { id: "start", type: "start" },
        { id: "end", type: "end", output: {} },
      ],
      edges: ["start -> end"],
    });
    const dev = await project.dev();
    assert.match(dev.stdout(), /Key .* for alpha {2}/);
    assert.match(dev.stdout(), /Flows {4}2 loaded from \.\/flows {5}alpha {2}zeta\n/);
    assert.equal(assertSucceeded(await project.bash(tryLines(dev.stdout())))["workflowName"], "alpha");
  });

  test("L4: takes the next port where one is taken, and says so", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    );
    after(() => other.close());
    const dev = await project.dev(["--port", String(port)]);
    assert.match(dev.stderr(), new RegExp(`port ${port} is taken: using \\d+`));
    const used = Number(new URL(urlOf(dev)).port);
    assert.ok(used > port && used <= port + 100);
    assertSucceeded(await project.bash(tryLines(dev.stdout())));
  });

  test("--open hands the browser a link that signs in; the one that is printed is another", async () => {
    const [told, tell] = await listener();
    // What opens URLs on Linux: this one tells the test.
    project.write("bin/xdg-open", `#!${process.execPath}\nfetch(${JSON.stringify(tell)}, { method: "POST", body: process.argv[2] });\n`);
    chmodSync(project.path("bin/xdg-open"), 0o755);
    const dev = await project.dev(["--port", "0", "--open"], { env: { PATH: `${project.path("bin")}:${process.env["PATH"]}` } });
    const [page, token = ""] = (await told).split("#link=");
    assert.equal(page, `${urlOf(dev)}/login`);
    assert.match(token, /^[A-Za-z0-9_-]{40}$/);
    assert.ok(!dev.stdout().includes(token));
    const body = JSON.stringify({ token });
    const headers = { "content-type": "application/json" };
    assert.equal((await fetch(`${urlOf(dev)}/api/v1/sign-in/link`, { method: "POST", headers, body })).status, 200);
  });

  test("L5: a second one in the folder ends with 9 and the URL of the first", async () => {
    const first = await project.dev();
    const second = await project.run(["dev", "--port", "0", "-o", "json"]);
    assert.equal(second.status, 9);
    assert.equal(second.stdout, "");
    const { type, message, hint } = errorOf(second);
    assert.equal(type, "data_dir_in_use");
    assert.ok(message.includes(urlOf(first)), message);
    assert.ok(hint?.includes(String(first.pid)));
    assert.ok(existsSync(project.path(".millrace/server.json")), "the first one's file is untouched");
  });

  test("tells the other commands where it is, until it ends", async () => {
    const dev = await project.dev();
    const { url, pid } = JSON.parse(project.read(".millrace/server.json")) as { url: string; pid: number };
    assert.deepEqual([url, pid], [urlOf(dev), dev.pid]);
    assert.equal((await project.run(["workflows", "list", "-o", "name"])).status, 0);
    assert.equal(await dev.end("SIGINT"), 0);
    assert.equal(existsSync(project.path(".millrace/server.json")), false);
  });

  test("a file that a killed server left behind says nothing", async () => {
    const dev = await project.dev();
    const { url } = JSON.parse(project.read(".millrace/server.json")) as { url: string };
    await dev.end("SIGKILL");
    const { stdout } = await project.run(["whoami", "-o", "json"]);
    assert.ok(!stdout.includes(url), "server.json is ignored when its process is gone");
    await project.dev();
  });

  test("reads .env, which the environment overrides", async () => {
    project.write(".env", "MILLRACE_DATA_DIR=./data\nMILLRACE_PROT=1\n");
    const dev = await project.dev(["--port", "0"], { env: { MILLRACE_LOG_LEVEL: "warn" } });
    assert.match(dev.stdout(), /data \.\/data \(embedded\)/);
    assert.match(dev.stderr(), /warning: unknown variable MILLRACE_PROT \(did you mean MILLRACE_PORT\?\)/);
    await dev.end();
    const other = await project.dev(["--port", "0"], { env: { MILLRACE_DATA_DIR: "./other" } });
    assert.match(other.stdout(), /data \.\/other \(embedded\)/);
  });

  test("--reset asks first, keeps what was there, and refuses while a server runs", async () => {
    const dev = await project.dev();
    assert.equal((await project.run(["dev", "--reset", "--yes"])).status, 9);
    await dev.end();
    const unasked = await project.run(["dev", "--reset", "--port", "0"]);
    assert.equal(unasked.status, 2);
    assert.match(unasked.stderr, /--yes is missing/);
    const key = project.read(".millrace/admin.key");
    await project.dev(["--reset", "--yes", "--port", "0"]);
    const backup = readdirSync(project.cwd).find((name) => name.startsWith(".millrace.backup-"));
    assert.ok(backup);
    assert.equal(project.read(`${backup}/admin.key`), key);
    assert.notEqual(project.read(".millrace/admin.key"), key);
  });

  test("the curl is right where the data directory has a name that shells do not like", async () => {
    const dev = await project.dev(["--port", "0"], { env: { MILLRACE_DATA_DIR: "./it's my data" } });
    assertSucceeded(await project.bash(tryLines(dev.stdout())));
  });
});
