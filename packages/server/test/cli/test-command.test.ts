import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { LLMock } from "@copilotkit/aimock";
import type { TestReport } from "@millrace/contract";
import { KEY, startModelServer } from "#testing/model-server";
import { type Receiver, startReceiver } from "#testing/receiver";
import { dataOf, Project } from "./harness.ts";

const NEWS = `format: millrace/1
name: news
nodes:
  - id: start
    type: start
    input: { type: object, properties: { topic: { type: string } }, required: [topic] }
  - id: pause
    type: delay
    forMs: 86400000
  - id: fetch
    type: http
    name: Fetch it
    request: { method: GET, url: "https://example.com/{{ start.topic }}" }
    retry: { maxAttempts: 3 }
  - id: end
    type: end
    output: { text: "{{ fetch.body }}" }
edges: [start -> pause, pause -> fetch, fetch -> end]
`;

const GOOD = `workflow: news
cases:
  - name: tells the news
    input: { topic: rain }
    mocks: { Fetch it: { output: { body: Rain } } }
    expect: { output: { text: { match: ^Rain } }, path: [start, pause, fetch, end] }
  - name: fetch is down
    input: { topic: rain }
    mocks: { fetch: { fail: http_503 } }
    expect: { error: { type: http_503, node: fetch }, nodes: { fetch: { attempts: 3 } } }
`;

const BAD = `workflow: news
cases:
  # It says something else.
  - name: says sun
    input: { topic: rain }
    mocks: { fetch: { output: { body: Rain } } }
    expect: { output: { text: Sun } }
  - name: says rain
    input: { topic: rain }
    mocks: { fetch: { output: { body: Rain } } }
`;

/** Asks a model of a connection, and a person, who is mocked in the recording too. */
const SKY = `format: millrace/1
name: sky
nodes:
  - { id: start, type: start, input: { type: object, properties: {} } }
  - { id: ask, type: llm, model: work/gpt-4o, prompt: What colour is the sky? }
  - { id: decide, type: approval, title: "{{ ask.text }}" }
  - { id: end, type: end, output: { text: "{{ ask.text }}" } }
edges: [start -> ask, ask -> decide, decide.approve -> end, decide.reject -> end]
`;
const SKY_TEST = `workflow: sky
cases:
  - name: asks
    mocks: { decide: { approve: true } }
    expect: { output: { text: Blue. }, maxTokens: 40, nodes: { ask: { output: { contains: { usage: { inputTokens: 30, outputTokens: 10 } } } } } }
`;

/** Loaded before the command: whoever opens a socket to anywhere, or asks for an address, says so on stderr. */
const NO_SOCKETS = new URL("no-sockets.mjs", import.meta.url);

describe("millrace test", () => {
  let project: Project;
  before(() => {
    project = new Project();
    project.write("flows/news.yaml", NEWS);
    project.write("flows/news.test.yaml", GOOD);
    project.write("bad/news.yaml", NEWS);
    project.write("bad/news.test.yaml", BAD);
  });
  after(() => project.dispose());

  test("L24: runs the test files of ./flows: a timer of a day takes no time, and no socket is opened", async () => {
    const { status, stdout, stderr } = await project.run(["test"], { env: { NODE_OPTIONS: `--import=${NO_SOCKETS.href}` } });
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^flows\/news\.test\.yaml {2}news\n {2}✔ tells the news {2}\S+ m?s\n {2}✔ fetch is down /);
    assert.match(stdout, /2 passed, 0 failed in \S+ m?s\n$/);
  });

  test("what would open a socket is found by the trap of the test before", async () => {
    const { stderr } = await project.run(["workflows", "list"], {
      env: { NODE_OPTIONS: `--import=${NO_SOCKETS.href}`, MILLRACE_ENDPOINT: "http://127.0.0.1:65533", MILLRACE_API_KEY: "mr_x" },
    });
    assert.match(stderr, /^socket: /m);
  });

  test("L24: a failing case exits 3 and is told on stderr, with stdout empty", async () => {
    const { status, stdout, stderr } = await project.run(["test", "bad"]);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, /✖ says sun .*\n {4}bad\/news\.test\.yaml:4\n {4}output\.text: expected "Sun", and it is "Rain"\n/);
    assert.match(stderr, /1 passed, 1 failed/);
    const json = await project.run(["test", "bad/news.test.yaml", "-o", "json"]);
    assert.deepEqual([json.status, json.stdout], [3, ""]);
    const { error } = JSON.parse(json.stderr) as { error: { type: string; message: string; errors: { name: string; line: number }[] } };
    assert.deepEqual([error.type, error.message], ["test_failed", "1 of 2 cases failed"]);
    assert.deepEqual(
      error.errors.map(({ name, line }) => [name, line]),
      [["says sun", 4]],
    );
  });

  test("a reporter's document is printed whatever it says, and nothing else", async () => {
    const tap = await project.run(["test", "bad", "--reporter", "tap", "--bail"]);
    assert.equal(tap.status, 3);
    assert.match(tap.stdout, /^TAP version 14\n1\.\.1\nnot ok 1 - bad\/news\.test\.yaml: says sun\n/);
    const junit = await project.run(["test", "bad", "flows", "--reporter", "junit"]);
    assert.equal(junit.status, 3);
    assert.match(junit.stdout, /<testsuites name="millrace test" tests="4" failures="1"/);
    const json = await project.run(["test", "--reporter", "json"]);
    const report = dataOf<TestReport>(json);
    assert.deepEqual([report.passed, report.failed, report.files[0]?.workflow], [2, 0, "news"]);
  });

  test("--update rewrites what was wrong and shows it; the next run passes", async () => {
    project.write("bad/copy.test.yaml", BAD);
    const { status, stdout } = await project.run(["test", "bad/copy.test.yaml", "--update"]);
    assert.equal(status, 0);
    assert.match(stdout, /✔ says sun .* updated\n {4}output\.text: expected "Sun", and it is "Rain"\n/);
    const written = project.read("bad/copy.test.yaml");
    assert.equal(written, `${BAD.replace("{ text: Sun }", "{ text: Rain }")}    expect: { status: SUCCEED, output: { text: Rain } }\n`);
    assert.equal((await project.run(["test", "bad/copy.test.yaml"])).status, 0);
    assert.equal(project.read("bad/copy.test.yaml"), written);
  });

  test("mistakes of test files are told as file:line:col, with what may have been meant", async () => {
    project.write(
      "wrong/news.test.yaml",
      `workflow: news
cases:
  - name: a
    moks: {}
    mocks: {}
  - name: b
    mocks: { fetch: { fial: [http_503] } }
    expect: { error: { nod: fetch }, nodes: { fetch: { attempt: 1 } } }
`,
    );
    project.write(
      "wrong/names.test.yaml",
      `workflow: news
cases:
  - name: a
    mocks:
      fetsh: { output: {} }
      fetch: { fail: [http_network, htp_timeout], approve: true, port: our }
      start: { output: {} }
    expect:
      path: [start, fech]
      output: { text: { match: "(" } }
      nodes: { ende: {} }
  - name: a
    now: yesterday
`,
    );
    project.write("wrong/nothing.test.yaml", "workflow: newz\ncases:\n  - name: a\n");
    const { status, stdout, stderr } = await project.run(["test", "wrong"]);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.deepEqual(stderr.trimEnd().split("\n"), [
      "wrong/names.test.yaml:5:7 unknown_node_name: there is no node fetsh (did you mean fetch?)",
      "wrong/names.test.yaml:6:37 unknown_error: no node fails with htp_timeout (did you mean http_timeout?)",
      "wrong/names.test.yaml:6:51 not_mocked: approve is for approvals, and fetch is of the type http",
      "wrong/names.test.yaml:6:72 unknown_port: fetch has no port our (did you mean out?)",
      "wrong/names.test.yaml:7:7 not_mocked: a node of the type start cannot be mocked",
      "wrong/names.test.yaml:9:21 unknown_node: there is no node fech (did you mean fetch?)",
      'wrong/names.test.yaml:10:23 invalid_value: match: "(" is not a pattern of RE2',
      "wrong/names.test.yaml:11:16 unknown_node_name: there is no node ende (did you mean end?)",
      'wrong/names.test.yaml:12:11 duplicate_name: there is another case "a"',
      "wrong/names.test.yaml:13:10 invalid_value: now: a moment in ISO 8601 with its zone, as 2025-01-01T00:00:00Z",
      "wrong/news.test.yaml:4:5 unknown_member: unknown member moks (did you mean mocks?)",
      "wrong/news.test.yaml:7:23 unknown_member: unknown member fial (did you mean fail?)",
      "wrong/news.test.yaml:8:24 unknown_member: unknown member nod (did you mean node?)",
      "wrong/news.test.yaml:8:56 unknown_member: unknown member attempt (did you mean attempts?)",
      "wrong/nothing.test.yaml:1:11 unknown_workflow: there is no workflow newz in flows or wrong (did you mean news?)",
    ]);
  });

  test("a workflow with errors fails its test file with the lines of validate", async () => {
    project.write("broken/news.yaml", NEWS.replace("start.topic", "start.topik"));
    project.write("broken/news.test.yaml", GOOD);
    const { status, stderr } = await project.run(["test", "broken"]);
    assert.equal(status, 3);
    assert.match(stderr, /^broken\/news\.yaml:13:\d+ unknown_variable: unknown variable start\.topik \(did you mean start\.topic\?\)\n$/);
  });

  test("a test file names its workflow by name, by file name or by path", async () => {
    for (const [file, workflow] of [
      ["named", "news"],
      ["by-path", "../flows/news.yaml"],
      ["by-path-without-extension", "../flows/news"],
    ])
      project.write(`naming/${file}.test.yaml`, GOOD.replace("workflow: news", `workflow: ${workflow}`));
    const { status, stderr } = await project.run(["test", "naming"]);
    assert.equal(status, 0, stderr);
  });

  test("nothing to run, and what is no test file, are mistakes of the call", async () => {
    const none = await project.run(["test", "home"]);
    assert.equal(none.status, 2);
    const other = await project.run(["test", "flows/news.yaml"]);
    assert.equal(other.status, 2);
    assert.match(other.stderr, /flows\/news\.yaml is no test file/);
    project.write("empty/readme.md", "");
    assert.match((await project.run(["test", "empty"])).stderr, /no test files in empty/);
  });
});

describe("millrace test --record", () => {
  let project: Project;
  let receiver: Receiver;
  let provider: LLMock;
  before(async () => {
    project = new Project();
    receiver = await startReceiver();
    provider = await startModelServer();
    provider.onMessage("sky", { content: "Blue.", usage: { prompt_tokens: 30, completion_tokens: 10, total_tokens: 40 } });
    project.write("flows/sky.yaml", SKY);
    project.write("sky/sky.test.yaml", SKY_TEST);
    receiver.answer("/rain", (response, nth) => {
      if (nth === 0) response.writeHead(503).end("later");
      else response.setHeader("x-shown", "canary-4711").end("It rains; canary-4711.");
    });
    project.write(
      "flows/news.yaml",
      NEWS.replace(
        'https://example.com/{{ start.topic }}" }',
        `${receiver.url("/{{ start.topic }}")}", headers: { x-key: "{{ secrets.KEY }}" } }`,
      ).replace("    retry: { maxAttempts: 3 }\n", "    retry: { maxAttempts: 3, initialMs: 1 }\n"),
    );
    project.write(
      "flows/news.test.yaml",
      `${GOOD.slice(0, GOOD.indexOf("    mocks"))}    expect: { output: { text: { contains: rains } }, nodes: { fetch: { attempts: 2 } } }\n`,
    );
  });
  after(async () => {
    await project.dispose();
    receiver.close();
    // The test that proves that no network is needed has stopped it already.
    await provider.stop().catch(() => undefined);
  });

  const CASSETTE = "flows/news.cassette.json";

  test("L25: does for real what is not mocked, beside a server that runs, and keeps it without secrets; later runs need no network", async () => {
    const server = await project.dev(undefined, { env: { MILLRACE_EGRESS_ALLOW: "127.0.0.1" } });
    const set = await project.run(["secrets", "set", "KEY"], { input: "canary-4711\n" });
    assert.equal(set.status, 0, set.stderr);
    const connect = ["connections", "set", "work", "--provider", "openai-compatible", "--base-url", provider.url];
    const connected = await project.run(connect, { input: KEY });
    assert.equal(connected.status, 0, connected.stderr);
    const unrecorded = await project.run(["test"]);
    assert.equal(unrecorded.status, 3);
    assert.match(unrecorded.stderr, /unmocked: fetch wants GET http:\/\/127\.0\.0\.1:\d+\/rain/);
    assert.equal(existsSync(project.path(CASSETTE)), false);
    const recorded = await project.run(["test", "--record"], { env: { MILLRACE_EGRESS_ALLOW: "127.0.0.1" } });
    assert.equal(recorded.status, 0, recorded.stderr);
    assert.match(recorded.stdout, /✔ tells the news .* recorded/);
    assert.equal(receiver.at("/rain").length, 2);
    assert.equal(receiver.at("/rain")[1]?.headers["x-key"], "canary-4711");
    const cassette = project.read(CASSETTE);
    assert.doesNotMatch(cassette, /canary/);
    assert.match(cassette, /It rains; /);
    const asked = await project.run(["test", "sky", "--record"], { env: { MILLRACE_EGRESS_ALLOW: "127.0.0.1" } });
    assert.equal(asked.status, 0, asked.stderr);
    assert.doesNotMatch(project.read("sky/sky.cassette.json"), /canary/);
    await server.end();
    receiver.close();
    await provider.stop();
    const replayed = await project.run(["test"], { env: { NODE_OPTIONS: `--import=${NO_SOCKETS.href}` } });
    assert.deepEqual([replayed.status, replayed.stderr], [0, ""]);
    assert.equal(project.read(CASSETTE), cassette);
    assert.equal((await project.run(["test", "sky"], { env: { NODE_OPTIONS: `--import=${NO_SOCKETS.href}` } })).status, 0);
  });

  test("a recording holds for what the node asked: another config fails with the fix, another name or retry does not", async () => {
    const before = project.read("flows/news.yaml");
    const sky = project.read("flows/sky.yaml");
    const tested = async (...files: string[]) => {
      const { status, stderr } = await project.run(["test", ...files]);
      return [status, /unmocked: .*/.exec(stderr)?.[0]];
    };
    const outdated = (node: string) =>
      `unmocked: ${node} wants a new recording, because what it asks for has changed: millrace test --record`;
    project.write("flows/news.yaml", before.replace("method: GET", "method: DELETE"));
    assert.deepEqual(await tested(), [3, outdated("fetch")]);
    project.write("flows/news.yaml", before.replace("{{ secrets.KEY }}", "Bearer {{ secrets.KEY }}"));
    assert.deepEqual(await tested(), [3, outdated("fetch")], "what reads a secret is compared as it is written");
    project.write("flows/news.yaml", before.replace("name: Fetch it", "name: Get it").replace("maxAttempts: 3", "maxAttempts: 4"));
    assert.deepEqual(await tested(), [0, undefined]);
    project.write("flows/news.yaml", before);
    project.write("flows/sky.yaml", sky.replace("the sky", "the evening sky"));
    assert.deepEqual(await tested("sky"), [3, outdated("ask")]);
    project.write("flows/sky.yaml", sky);
    assert.deepEqual(await tested("sky"), [0, undefined]);
  });

  test("a cassette that cannot be read is told of", async () => {
    const cassette = project.read(CASSETTE);
    project.write(CASSETTE, cassette.replace('"output"', '"outputt"'));
    const { status, stderr } = await project.run(["test"]);
    assert.equal(status, 3);
    assert.match(stderr, /^flows\/news\.cassette\.json:\d+:\d+ unknown_member: unknown member outputt \(did you mean output\?\)\n$/);
    project.write(CASSETTE, cassette);
  });
});

/** The file is there, or the first test above proves nothing. */
test("the trap for sockets exists", () => assert.equal(existsSync(fileURLToPath(NO_SOCKETS)), true));
