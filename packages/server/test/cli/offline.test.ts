import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BINARY, Project } from "./harness.ts";

// L23, L24: what works on files alone opens no socket to anywhere, as the kernel sees it. L55: nor does a server, but for who asks of it.

/** Why system calls cannot be traced here; false: they can. */
function skipped(): string | false {
  if (process.platform !== "linux") return "system calls are traced on Linux";
  const { status, error } = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "true"]);
  if (error) return "strace is not installed (Debian: apt-get install strace)";
  return status === 0 ? false : "strace may not trace here";
}

const FILES = 100;

const flow = (name: string) => `format: millrace/1
name: ${name}
nodes:
  - id: start
    type: start
    input: { type: object, properties: { topic: { type: string } }, required: [topic] }
  - id: wait
    type: delay
    forMs: 86400000
  - id: fetch
    type: http
    request: { method: GET, url: "https://example.com/{{ start.topic }}" }
  - id: code
    type: code
    inputs: { body: "{{ fetch.body }}" }
    code: "return { text: inputs.body + '!' };"
  - id: ask
    type: llm
    prompt: "{{ code.text }}"
  - id: end
    type: end
    output: { text: "{{ code.text }}" }
edges: [start -> wait, wait -> fetch, fetch -> code, code -> ask, ask -> end]
`;

const cases = Array.from(
  { length: FILES },
  (_, at) => `  - name: case ${at}
    input: { topic: t${at} }
    mocks: { fetch: { output: { body: Rain ${at} } } }
    expect: { output: { text: Rain ${at}! } }
`,
);

describe("offline", { skip: skipped() }, () => {
  let project: Project;
  before(() => {
    project = new Project();
    for (let at = 0; at < FILES; at++) project.write(`flows/flow${at}.yaml`, flow(`flow${at}`));
    project.write("flows/flow0.test.yaml", `workflow: flow0\ncases:\n${cases.join("")}`);
  });
  after(() => project.dispose());

  /** Sockets of the Internet that the command and its children make, or look names up with. */
  async function traced(command: string): Promise<{ readonly stdout: string; readonly sockets: readonly string[] }> {
    // Some calls of Node would otherwise go through a ring that no tracer sees.
    const env = { UV_USE_IO_URING: "0" };
    const { status, stdout, stderr } = await project.bash(
      `strace -f -qq -o trace -e trace=socket,connect,bind,sendto "${process.execPath}" "${BINARY}" ${command}`,
      { env },
    );
    assert.equal(status, 0, stderr);
    return {
      stdout,
      sockets: project
        .read("trace")
        .split("\n")
        .filter((line) => /AF_INET6?\b/.test(line)),
    };
  }

  test("the trace sees what a command asks of a server", async () => {
    const { stdout, sockets } = await traced(`whoami --endpoint http://127.0.0.1:65533 --api-key-stdin <<< mr_${"k".repeat(40)}`);
    assert.ok(sockets.length > 0, stdout);
  });

  test(`L23: validate of ${FILES} files`, async () => {
    const { stdout, sockets } = await traced("validate");
    assert.equal(stdout, `  ${FILES} files, no errors\n`);
    assert.deepEqual(sockets, []);
  });

  test(`L24: test with ${FILES} cases, with code, models and a day's delay in each`, async () => {
    const { stdout, sockets } = await traced("test");
    assert.match(stdout, new RegExp(`${FILES} passed, 0 failed`));
    assert.deepEqual(sockets, []);
  });

  test("L55: init", async () => {
    const { stdout, sockets } = await traced("init made --yes");
    assert.match(stdout, /flows\/news\.yaml/);
    assert.deepEqual(sockets, []);
  });

  for (const [command, ready] of [
    ["dev --port 0", /API +(http:\S+)\/v1[\s\S]* Try /],
    ["start --port 0", /"url":"(http:[^"]+)"/],
  ] as const)
    test(`L55: ${command}: it starts, serves its console and its description, and stops; nothing leads out of the machine`, async (t) => {
      const server = new Project();
      t.after(() => server.dispose());
      const trace = server.path("trace");
      // -D: what is started, and ended, is the server itself.
      const strace = ["-D", "-f", "-qq", "-o", trace, "-e", "trace=connect,sendto,sendmsg,sendmmsg", process.execPath, BINARY];
      const running = server.startAs("strace", [...strace, ...command.split(" ")], { env: { UV_USE_IO_URING: "0" } });
      const [, url = ""] = await running.seen(ready);
      const page = await (await fetch(url)).text();
      const assets = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
      assert.ok(assets.length > 2, page);
      for (const path of [...assets, "/openapi.json", "/readyz", "/version"]) assert.ok((await fetch(url + path)).ok, path);
      await running.end("SIGTERM");
      const calls = readFileSync(trace, "utf8").split("\n");
      assert.deepEqual(calls.filter(leadsOut), []);
    });
});

/** Does the call name an address of the Internet that is not this machine's? */
function leadsOut(call: string): boolean {
  return /sa_family=AF_INET6?\b/.test(call) && !/inet_addr\("127\.|inet_pton\(AF_INET6, "::1"/.test(call);
}
