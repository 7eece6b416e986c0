import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { document, failing, slow, start } from "#testing/workflows";
import { dataOf, errorOf, Project } from "./harness.ts";

const types = document(
  "types",
  [
    start({ text: { type: "string" }, count: { type: "integer" }, on: { type: "boolean" }, list: { type: "array" }, any: {} }),
    {
      id: "end",
      type: "end",
      output: {
        text: "{{ start.text }}",
        count: "{{ start.count }}",
        on: "{{ start.on }}",
        list: "{{ start.list }}",
        any: "{{ start.any }}",
      },
    },
  ],
  ["start -> end"],
);

const say = document(
  "say",
  [start({ who: { type: "string" } }), { id: "end", type: "end", text: "Hello {{ start.who }}" }],
  ["start -> end"],
);

/** A run that is still under way when several commands have come and gone. */
const LONG_MS = 3_000;

const RUN_ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/;

describe("millrace invoke", () => {
  let project: Project;
  before(async () => {
    project = new Project();
    for (const workflow of [types, say, slow, failing]) project.write(`flows/${String(workflow["name"])}.json`, workflow);
    await project.dev();
  });
  after(() => project.dispose());

  const output = async (...args: string[]) => dataOf<{ output: unknown }>(await project.run(["invoke", ...args, "-o", "json"])).output;

  test("-i values have the types of the Start node; without one, JSON is JSON and all else text", async () => {
    const typed = await output("types", "-i", "text=12", "-i", "count=7", "-i", "on=true", "-i", 'list=["a"]', "-i", 'any={"b":1}');
    assert.deepEqual(typed, { text: "12", count: 7, on: true, list: ["a"], any: { b: 1 } });
    const plain = await output("types", "-i", "text=a=b", "-i", "any=plain words");
    assert.deepEqual(plain, { text: "a=b", count: null, on: null, list: null, any: "plain words" });
    const wrong = await project.run(["invoke", "types", "-i", "count=seven"]);
    assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /-i count: "seven" is not JSON; the Start node takes integer/);
    assert.equal((await project.run(["invoke", "types", "-i", "text"])).status, 2);
  });

  test("--input is JSON, a file or stdin, and -i goes over it", async () => {
    project.write("input.json", { who: "file" });
    assert.deepEqual(await output("say", "--input", '{"who":"words"}'), { output: "Hello words" });
    assert.deepEqual(await output("say", "--input", "@input.json"), { output: "Hello file" });
    assert.deepEqual(await output("say", "--input", "@input.json", "-i", "who=flag"), { output: "Hello flag" });
    const piped = await project.run(["invoke", "say", "--input", "@-", "-o", "text"], { input: '{"who":"pipe"}' });
    assert.deepEqual([piped.status, piped.stdout], [0, "Hello pipe\n"], "one text is printed as it is");
    assert.equal((await project.run(["invoke", "say", "--input", "[1]"])).status, 2);
    assert.equal((await project.run(["invoke", "say", "--input", "@missing.json"])).status, 2);
  });

  test("-o json prints the body as it was received", async () => {
    const { stdout } = await project.run(["invoke", "say", "-i", "who=Ada", "-o", "json"]);
    const { workflowRunId } = JSON.parse(stdout) as { workflowRunId: string };
    const key = project.read(".millrace/admin.key").trim();
    const { url } = JSON.parse(project.read(".millrace/server.json")) as { url: string };
    const answer = await fetch(`${url}/v1/workflow/query/result`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Millrace-Workflow": "say" },
      body: JSON.stringify({ workflowRunId }),
    });
    assert.equal(stdout, `${await answer.text()}\n`);
  });

  test("for people: what the nodes did on stderr, the output on stdout", async () => {
    const { status, stdout, stderr } = await project.run(["invoke", "say", "-i", "who=Ada"]);
    assert.equal(status, 0);
    assert.equal(stdout, '{\n  "output": "Hello Ada"\n}\n');
    assert.match(
      stderr,
      /^ {2}✔ start \d+ ms {2}✔ end \d+ ms\n {2}SUCCEED in \d+ ms · 0 tokens · 0 credits · http:\/\/127\.0\.0\.1:\d+\/runs\/[0-9a-f-]{36}\n$/,
    );
    assert.equal((await project.run(["invoke", "say", "-i", "who=Ada", "-q"])).stderr, "");
  });

  test("a FAILED run: exit 3, the result on stdout, the reason on stderr", async () => {
    const failed = await project.run(["invoke", "failing", "-o", "json"]);
    assert.equal(failed.status, 3);
    const body = JSON.parse(failed.stdout) as { status: string; error: { type: string; code: number } };
    assert.equal(body.status, "FAILED");
    const { type, code, httpStatus } = errorOf(failed);
    assert.deepEqual([type, code, httpStatus], [body.error.type, body.error.code, null]);
    const people = await project.run(["invoke", "failing"]);
    assert.equal(people.status, 3);
    assert.match(people.stdout, /^ {2}FAILED in \d+ ms · .*\/runs\//);
    assert.match(people.stderr, /✔ start \d+ ms {2}✖ boom \d+ ms[\s\S]*\n {2}code_error: .*no luck/);
  });

  test("--async prints the acknowledgement; runs wait prints the result", async () => {
    const accepted = dataOf<{ workflowRunId: string; status: string }>(
      await project.run(["invoke", "say", "-i", "who=Ada", "--async", "-o", "json"]),
    );
    assert.equal(accepted.status, "PENDING");
    const waited = dataOf<{ output: unknown }>(await project.run(["runs", "wait", accepted.workflowRunId, "-o", "json"]));
    assert.deepEqual(waited.output, { output: "Hello Ada" });
    const key = dataOf<{ key: string }>(await project.run(["keys", "create", "--workflow", "say", "-o", "json"])).key;
    const narrow = await project.run(["run", "wait", accepted.workflowRunId, "-o", "json"], { env: { MILLRACE_API_KEY: key } });
    assert.equal(narrow.status, 0, narrow.stderr);
  });

  test("runs replay runs a failed run again; one that has ended well is neither replayed nor cancelled", async () => {
    const failed = (await project.run(["invoke", "failing", "--async", "-o", "name"])).stdout.trim();
    assert.equal((await project.run(["runs", "wait", failed])).status, 3);
    const again = await project.run(["runs", "replay", failed, "--from", "start", "--version", "live", "-o", "name"]);
    assert.equal(again.status, 0, again.stderr);
    const id = again.stdout.trim();
    assert.match(id, RUN_ID);
    assert.notEqual(id, failed);
    assert.match(again.stderr, new RegExp(`millrace runs wait ${id}`));
    assert.equal((await project.run(["runs", "wait", id])).status, 3);
    const live = await project.run(["runs", "replay", failed, "--version", "live", "-o", "name"]);
    assert.match(live.stdout.trim(), RUN_ID, live.stderr);
    const told = await project.run(["runs", "replay", failed, "--from", "boom", "--preview", "-o", "text"]);
    assert.match(told.stdout, /^start\tstart\treused\t1\nboom\tcode\truns again\n/, told.stderr);
    const edited = await project.run(["runs", "replay", failed, "--from", "start", "--input", "[]"]);
    assert.match(edited.stderr, /--input: a JSON object is needed/);
    const retries = await project.run(["runs", "list", "--trigger", "retry", "-o", "name", "--limit", "0"]);
    assert.deepEqual(retries.stdout.trim().split("\n").toSorted(), [id, live.stdout.trim()].toSorted());
    const done = (await project.run(["invoke", "say", "-i", "who=Ada", "-o", "name"])).stdout.trim();
    for (const verb of ["replay", "cancel"]) assert.equal((await project.run(["runs", verb, done])).status, 9);
    assert.equal((await project.run(["runs", "cancel", "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10"])).status, 5);
  });

  test("runs follow prints what happens as it happens, and ends as the run does", async () => {
    const slow = (await project.run(["invoke", "slow", "-i", "ms=300", "--async", "-o", "name"])).stdout.trim();
    const followed = await project.run(["runs", "follow", slow]);
    const names = followed.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().split(/ +/)[1]);
    assert.deepEqual([names[0], names.at(-1)], ["run.started", "run.finished"], followed.stderr);
    assert.match(followed.stdout, /node\.started +wait\n/);
    const failed = (await project.run(["invoke", "failing", "--async", "-o", "name"])).stdout.trim();
    const ended = await project.run(["runs", "follow", failed, "-o", "json"]);
    assert.equal(ended.status, 3, ended.stderr);
    const events = ended.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: number; event: string });
    assert.equal(events.at(-1)?.event, "run.finished");
    assert.deepEqual(
      events.map(({ id }) => id),
      events.map(({ id }) => id).toSorted((a, b) => a - b),
    );
    const unknown = await project.run(["runs", "follow", "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10"]);
    assert.deepEqual([unknown.status, unknown.stdout], [5, ""]);
  });

  test("runs replay and runs cancel with a filter: progress on stderr, counts on stdout; a filter and --yes are needed", async () => {
    const failed = (await project.run(["invoke", "failing", "--user", "bulk", "--async", "-o", "name"])).stdout.trim();
    await project.run(["runs", "wait", failed]);
    const replayed = await project.run(["runs", "replay", "--status", "FAILED", "--user", "bulk", "--since", "1h", "--yes", "-o", "json"]);
    const job = dataOf<{ state: string; matched: number; done: number }>(replayed);
    assert.deepEqual([job.state, job.matched, job.done], ["done", 1, 1]);
    const cancelled = await project.run(["runs", "cancel", "--workflow", "say", "--yes"]);
    assert.match(cancelled.stdout, /cancel +done +0/);
    assert.match(cancelled.stderr, /0 runs; the job goes on without this command/);
    const bare = await project.run(["runs", "cancel", "--yes"]);
    assert.deepEqual([bare.status, bare.stdout], [2, ""]);
    assert.match(bare.stderr, /<run> is missing/);
    assert.match((await project.run(["runs", "replay", "--user", "bulk"])).stderr, /--yes is missing/);
    assert.equal((await project.run(["runs", "replay", "--user", "bulk", "--from", "boom", "--yes"])).status, 2);
  });

  test("L18: a wait that is over: exit 8 with the id, and the run goes on", async () => {
    const late = await project.run(["invoke", "slow", "-i", `ms=${LONG_MS}`, "--wait=50ms", "-o", "json"]);
    assert.deepEqual([late.status, late.stdout], [8, ""]);
    const { type, message } = errorOf(late);
    assert.equal(type, "wait_timeout");
    const [id = ""] = RUN_ID.exec(message) ?? [];
    const again = await project.run(["runs", "wait", id, "--timeout", "10ms", "-o", "json"]);
    assert.deepEqual([again.status, again.stdout], [8, ""]);
    const ended = dataOf<{ status: string }>(await project.run(["runs", "wait", id, "-o", "json"]));
    assert.equal(ended.status, "SUCCEED");
    assert.deepEqual(await output("slow", "-i", "ms=10", "--wait"), { waited: 10 });
    assert.equal((await project.run(["invoke", "say", "--wait=soon"])).status, 2);
    assert.equal((await project.run(["invoke", "say", "--wait", "--async"])).status, 2);
  });

  test("L18: Ctrl+C ends the command with 130, and the run SUCCEEDs", async () => {
    const waiting = project.start(["invoke", "slow", "-i", `ms=${LONG_MS}`, "--wait", "--user", "interrupted", "--json"]);
    const find = async () =>
      dataOf<{ data: { id: string }[] }>(await project.run(["runs", "list", "--user", "interrupted", "-o", "json"])).data[0]?.id;
    let id = await find();
    while (id === undefined) id = await find();
    assert.equal(await waiting.end("SIGINT"), 130);
    const { type, hint } = errorOf({ status: 130, stdout: waiting.stdout(), stderr: waiting.stderr() });
    assert.deepEqual([waiting.stdout(), type, hint], ["", "interrupted", `run ${id} goes on: millrace runs wait ${id}`]);
    assert.equal(dataOf<{ status: string }>(await project.run(["runs", "wait", id, "-o", "json"])).status, "SUCCEED");
  });

  test("L18: --cancel-on-interrupt: Ctrl+C ends the command with 130, and the run FAILED, cancelled", async () => {
    const waiting = project.start(["invoke", "slow", "-i", "ms=60000", "--cancel-on-interrupt", "--stream", "--user", "cancelled"]);
    await waiting.seen(/node\.started +wait/);
    assert.equal(await waiting.end("SIGINT"), 130);
    const id = (await project.run(["runs", "list", "--user", "cancelled", "-o", "name"])).stdout.trim();
    const { status, error } = JSON.parse((await project.run(["runs", "wait", id, "-o", "json"])).stdout) as {
      status: string;
      error: { type: string };
    };
    assert.deepEqual([status, error.type], ["FAILED", "cancelled"]);
    assert.match(waiting.stderr(), new RegExp(`^interrupted: .*\\nhint: run ${id} was cancelled\\n`));
  });

  test("--stream prints an event a line, and the result as the last line", async () => {
    const { status, stdout } = await project.run(["invoke", "say", "-i", "who=Ada", "--stream", "-o", "json"]);
    assert.equal(status, 0);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event?: string; status?: string; output?: object });
    assert.deepEqual([lines[0]?.event, lines.at(-1)?.status, lines.at(-1)?.output], ["run.started", "SUCCEED", { output: "Hello Ada" }]);
    const failed = await project.run(["invoke", "failing", "--stream"]);
    assert.equal(failed.status, 3);
    assert.match(failed.stdout, /node\.failed +boom code_error\nFAILED\n$/);
    assert.equal((await project.run(["invoke", "say", "--stream", "--async"])).status, 2);
  });

  test("--draft runs the draft", async () => {
    project.write("flows/drafted.json", document("drafted", [start({}), { id: "end", type: "end", text: "live" }], ["start -> end"]));
    dataOf(await project.run(["deploy", "flows/drafted.json", "--publish", "--json"]));
    project.write("later.json", document("drafted", [start({}), { id: "end", type: "end", text: "draft" }], ["start -> end"]));
    dataOf(await project.run(["deploy", "later.json", "--json"]));
    assert.deepEqual(await output("drafted", "--draft"), { output: "draft" });
    assert.deepEqual(await output("drafted"), { output: "live" });
  });

  test("--mock runs the draft without the models that it names, also those in loops; the hint of a run that lacks one says so", async () => {
    const asks = { id: "ask", type: "llm", model: "absent/gpt-5-mini", backup: "absent/other", prompt: "Say: {{ start.who }}" };
    const each = { id: "each", type: "loop", items: "{{ [start.who] }}", body: { nodes: [{ ...asks, id: "inner" }], edges: [] } };
    const end = { id: "end", type: "end", text: "{{ ask.text }}" };
    const nodes = [start({ who: { type: "string" } }, ["who"]), asks, each, end];
    project.write("asking.json", document("asking", nodes, ["start -> ask", "ask -> each", "each -> end"]));
    dataOf(await project.run(["deploy", "asking.json", "--json"]));
    const failed = await project.run(["invoke", "asking", "-i", "who=Ada", "--draft"]);
    assert.equal(failed.status, 3);
    assert.match(failed.stderr, /^ {2}hint: millrace connections set absent {3}or {3}millrace invoke … --mock$/m);
    const mocked = dataOf<{ status: string; output: { output: string } }>(
      await project.run(["invoke", "asking", "-i", "who=42", "--user", "u-mock", "--mock", "-o", "json"]),
    );
    assert.equal(mocked.status, "SUCCEED");
    assert.match(mocked.output.output, /42/, "the Start node's type holds for -i");
    const [header] = dataOf<{ data: { trigger: string; credits: number }[] }>(
      await project.run(["runs", "list", "--user", "u-mock", "-o", "json"]),
    ).data;
    assert.deepEqual([header?.trigger, header?.credits], ["draft", 0]);
    assert.equal((await project.run(["invoke", "asking", "--mock", "--async", "-o", "name"])).status, 2, "who is required");
    const accepted = await project.run(["invoke", "asking", "-i", "who=x", "--mock", "--async", "-o", "name"]);
    assert.match(accepted.stdout, /^[0-9a-f-]{36}\n$/);
    for (const other of ["--version=1.0.0", "--webhook=http://127.0.0.1:1", "--start-at=2030-01-01T00:00:00Z", "--idempotency-key=k"]) {
      const both = await project.run(["invoke", "asking", "-i", "who=x", "--mock", other]);
      assert.deepEqual([both.status, both.stderr.includes("exclude each other")], [2, true], other);
    }
  });

  test("logs: what nodes wrote and how they failed, of a run or the newest; by node and level; to the end", async () => {
    project.write(
      "flows/noisy.json",
      document(
        "noisy",
        [
          start({}),
          { id: "talk", type: "code", code: "console.log('one'); console.warn('two', 2); return {};" },
          { id: "end", type: "end", output: {} },
        ],
        ["start -> talk", "talk -> end"],
      ),
    );
    dataOf(await project.run(["deploy", "flows/noisy.json", "--publish", "--json"]));
    const noisy = (await project.run(["invoke", "noisy", "-o", "name"])).stdout.trim();
    const logs = async (...args: string[]) => {
      const { status, stdout, stderr } = await project.run(["logs", ...args, "-o", "json"]);
      assert.equal(status, 0, stderr);
      const lines = stdout.split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line) as { run: string; node: string; level: string; message: string });
    };
    const told = (await logs(noisy)).map(({ node, level, message }) => [node, level, message]);
    assert.deepEqual(told, [
      ["talk", "info", "one"],
      ["talk", "warn", "two 2"],
    ]);
    assert.deepEqual(
      (await logs(noisy, "--level", "warn", "-f")).map(({ message }) => message),
      ["two 2"],
    );
    assert.deepEqual(await logs(noisy, "--node", "start"), []);
    await project.run(["invoke", "failing", "--async"]);
    const failed = await logs("--workflow", "failing", "--limit", "1");
    assert.deepEqual(
      failed.map(({ node, level }) => [node, level]),
      [["boom", "error"]],
    );
    assert.match((await project.run(["logs", noisy])).stdout, /^ {2}\S+Z {2}warn {3}noisy › talk {2}two 2$/m);
  });

  test("--repeat prints a result a line, and fails when one run FAILED", async () => {
    const ids = await project.run(["invoke", "say", "-i", "who=Ada", "--repeat", "12", "-o", "name"]);
    assert.equal(ids.status, 0, ids.stderr);
    const lines = ids.stdout.trimEnd().split("\n");
    assert.equal(new Set(lines).size, 12);
    for (const line of lines) assert.match(line, RUN_ID);
    const bodies = await project.run(["invoke", "say", "-i", "who=Ada", "--repeat", "3", "-o", "json"]);
    assert.deepEqual(
      bodies.stdout
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { status: string }).status),
      ["SUCCEED", "SUCCEED", "SUCCEED"],
    );
    const failed = await project.run(["invoke", "failing", "--repeat", "2", "--json"]);
    assert.deepEqual([failed.status, errorOf(failed).message], [3, "2 of 2 runs FAILED"]);
  });

  test("an input that the Start node refuses ends with 2 and names the place", async () => {
    const refused = await project.run(["invoke", "types", "--input", '{"count":"x"}', "--json"]);
    assert.deepEqual([refused.status, refused.stdout], [2, ""]);
    const { type, code, httpStatus, requestId } = errorOf(refused);
    assert.deepEqual([type, code, httpStatus], ["invalid_input", 40000, 400]);
    assert.match(requestId ?? "", /^req_/);
  });

  test("runs: list, filter and get", async () => {
    const one = dataOf<{ workflowRunId: string }>(
      await project.run(["invoke", "say", "-i", "who=Ada", "--user", "u-1", "-o", "json"]),
    ).workflowRunId;
    const list = async (...args: string[]) =>
      dataOf<{ data: { id: string; status: string }[]; nextCursor?: string }>(await project.run(["runs", "list", "-o", "json", ...args]));
    assert.deepEqual(
      (await list("--user", "u-1")).data.map(({ id }) => id),
      [one],
    );
    assert.ok((await list("--status", "FAILED", "--since", "1h")).data.every(({ status }) => status === "FAILED"));
    const page = await list("--limit", "2");
    assert.equal(page.data.length, 2);
    assert.ok(page.nextCursor);
    const all = await list("--limit", "0");
    assert.ok(all.data.length > 20 && all.nextCursor === undefined, "all pages");
    assert.equal((await project.run(["runs", "list", "--since", "yesterday"])).status, 2);
    assert.equal((await project.run(["runs", "list", "--workflow", "nope"])).status, 5);
    const found = await list("--q", 'input.who ~ "Ad"', "--user", "u-1");
    assert.deepEqual(
      found.data.map(({ id }) => id),
      [one],
    );
    assert.deepEqual((await list("--q", "input.who = Eve")).data, []);
    assert.deepEqual((await list("--user", "u-1", "--min-cost", "0")).data.length, 1);
    assert.deepEqual((await list("--user", "u-1", "--min-cost", "0.001")).data, []);
    for (const [flag, value] of [
      ["--min-cost", "-1"],
      ["--min-cost", "dear"],
      ["--q", "topic is AI"],
    ] as const)
      assert.equal((await project.run(["runs", "list", `${flag}=${value}`])).status, 2, value);
    const detail = dataOf<{ id: string; nodes: { nodeId: string }[] }>(await project.run(["runs", "get", one, "-o", "json"]));
    assert.deepEqual([detail.id, detail.nodes.map(({ nodeId }) => nodeId)], [one, ["start", "end"]]);
    assert.match((await project.run(["runs", "get", one])).stdout, /^status +SUCCEED$/m);
  });
});
