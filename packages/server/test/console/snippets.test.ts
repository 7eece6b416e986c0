import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, owner, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";

// The programs that the API page offers to whoever calls a workflow, run as they are.

let server: TestServer;
before(async () => {
  server = await startTestServer({ settings: { egressAllow: "localhost,127.0.0.1" } });
});
after(() => server.close());

const SERVER_PACKAGE = new URL("../../", import.meta.url).pathname;
const MILLRACE = `${process.execPath} ${SERVER_PACKAGE}bin/millrace.js`;

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program as whoever pastes it does; the server lives in this process, so nothing may block it. */
function run(command: string, args: readonly string[], input = ""): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: SERVER_PACKAGE });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
    child.stdin.end(input);
  });
}

function paste(tool: string, snippet: string): Promise<Ran> {
  if (tool === "TypeScript") return run(process.execPath, ["--input-type=module"], snippet);
  if (tool === "Python") return run("python3", ["-"], snippet);
  return run("bash", ["-c", snippet.replace("npx millrace", MILLRACE)]);
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const TOOLS = ["curl", "TypeScript", "CLI", ...(hasPython ? ["Python"] : [])];
const MODES = ["Synchronous", "Asynchronous", "With webhook"];

/** Each is in the page when its language and its mode are chosen. */
async function snippetsOf(page: Page): Promise<readonly (readonly [tool: string, mode: string, text: string])[]> {
  const found: (readonly [string, string, string])[] = [];
  for (const tool of TOOLS)
    for (const mode of MODES) {
      await page.getByRole("button", { name: tool, exact: true }).click();
      await page.getByRole("button", { name: mode, exact: true }).click();
      found.push([tool, mode, await page.getByRole("region", { name: "Snippet" }).innerText()]);
    }
  assert.equal(new Set(found.map(([, , text]) => text)).size, TOOLS.length * MODES.length, "each is another one");
  return found;
}

/** The runs of a workflow, when the last one has ended. */
async function endedRunsOf(workflow: string): Promise<readonly string[]> {
  const browser = await owner(server);
  for (;;) {
    const { json } = await browser.call("GET", `/api/v1/runs?workflow=${workflow}&limit=50`);
    const statuses = (json["data"] as unknown as { readonly status: string }[]).map(({ status }) => status);
    if (statuses.every((status) => status === "SUCCEED" || status === "FAILED")) return statuses;
  }
}

test("C36: every snippet of every template, read from the page and run as it is, gets its answer", inChromium, async () => {
  const browser = await owner(server);
  const templates = (await browser.call("GET", "/api/v1/templates")).json["data"] as unknown as { readonly name: string }[];
  assert.ok(templates.length >= 6);
  await visit(server, {}, async (page) => {
    for (const { name } of templates) {
      const made = await browser.call("POST", `/api/v1/templates/${name}`);
      assert.equal(made.status, 201, made.text);
      const workflow = String(made.json["id"]);
      await page.goto(`/workflows/${workflow}/api`);
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByRole("button", { name: "Create the key" }).click();
      await page.getByText("In the snippet until you leave this page.").waitFor();
      const snippets = await snippetsOf(page);
      for (const mode of MODES) {
        const ran = await Promise.all(
          snippets.filter((one) => one[1] === mode).map(async ([tool, , text]) => ({ tool, ...(await paste(tool, text)) })),
        );
        for (const { tool, status, output } of ran) {
          const which = `${name}, ${tool}, ${mode}: ${output}`;
          assert.equal(status, 0, which);
          // What a program prints is its output alone where it waits for it; curl shows a refusal as an answer like any other.
          if (tool === "curl" || mode !== "Synchronous") assert.match(output, /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/, which);
        }
      }
      assert.deepEqual(
        await endedRunsOf(workflow),
        snippets.map(() => "SUCCEED"),
        name,
      );
    }
  });
});
