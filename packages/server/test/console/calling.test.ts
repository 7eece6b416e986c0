import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { inChromium, visit } from "#testing/chromium";
import { startTestServer, type TestServer } from "#testing/server";
import { todayNews } from "#testing/workflows";

// The pages of whoever calls a workflow: the API page and the keys.

let server: TestServer;
let workflow: string;
before(async () => {
  server = await startTestServer({ settings: { egressAllow: "localhost,127.0.0.1" } });
  workflow = (await server.publish(todayNews)).id;
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
const snippetOf = (page: Page) => page.getByRole("region", { name: "Snippet" }).innerText();

async function newKey(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("button", { name: "Create the key" }).click();
}

test("C36: every snippet, read from the page and run as it is, gets its answer", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto(`/workflows/${workflow}/api`);
    await newKey(page);
    await page.getByText("In the snippet until you leave this page.").waitFor();
    for (const tool of ["curl", "TypeScript", "CLI", ...(hasPython ? ["Python"] : [])]) {
      await page.getByRole("button", { name: tool, exact: true }).click();
      for (const mode of ["Synchronous", "Asynchronous", "With webhook"]) {
        await page.getByRole("button", { name: mode, exact: true }).click();
        const { status, output } = await paste(tool, await snippetOf(page));
        assert.equal(status, 0, `${tool} ${mode}: ${output}`);
        assert.match(output, mode === "Synchronous" ? /text today/ : /[0-9a-f]{8}-[0-9a-f]{4}-7/, `${tool} ${mode}`);
      }
    }
  });
});

test("C37, C39: a key is in the page only until it is left; the list knows its ends", inChromium, async () => {
  await visit(server, {}, async (page) => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name", { exact: true }).fill("ship");
    await page.getByLabel("todayNews").check();
    await page.getByRole("button", { name: "Create the key" }).click();
    const shown = await page.getByRole("region", { name: "Your new key" }).innerText();
    assert.match(shown, /^mr_[A-Za-z0-9_-]{40}$/);
    assert.equal((await server.invoke(shown, { input: { topic: "Tides" } })).status, 200);
    await page.getByRole("button", { name: "I stored it" }).click();
    await page
      .getByRole("row", { name: /ship/ })
      .getByText(`${shown.slice(0, 6)}…${shown.slice(-4)}`)
      .waitFor();
    await page.getByRole("row", { name: /ship/ }).getByRole("img", { name: "1 run, 0 failed" }).waitFor();
    await page.getByLabel("State").selectOption({ label: "Expired" });
    await page.getByText("No key matches.").waitFor();
    await page.getByLabel("State").selectOption({ label: "Working" });
    assert.ok(!(await page.content()).includes(shown));
    await page.reload();
    await page.getByRole("row", { name: /ship/ }).waitFor();
    assert.ok(!(await page.content()).includes(shown));
  });
});

test("C40: a key that is revoked is refused at once, and one that is rotated works beside the new one", inChromium, async () => {
  const { key } = await server.app.apiKeys.create("default", { name: "old", workflows: [workflow] });
  await visit(server, {}, async (page) => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "Actions for old" }).click();
    await page.getByRole("menuitem", { name: "Rotate…" }).click();
    await page.getByRole("button", { name: "Rotate", exact: true }).click();
    const fresh = await page.getByRole("region", { name: "Your new key" }).innerText();
    for (const one of [key, fresh]) assert.equal((await server.invoke(one, { input: { topic: "Tides" } })).status, 200);
    await page.getByRole("button", { name: "I stored it" }).click();
    const row = page.getByRole("row", { name: new RegExp(`${fresh.slice(0, 6)}…${fresh.slice(-4)}`) });
    await row.getByRole("button", { name: "Actions for old" }).click();
    await page.getByRole("menuitem", { name: "Revoke…" }).click();
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("old is revoked").waitFor();
    assert.equal((await server.invoke(fresh, { input: { topic: "Tides" } })).status, 401);
  });
});

test("C38: what is tried is the real call: a wrong input gets the answer that a program gets", inChromium, async () => {
  await visit(server, { expected: /status of 400/ }, async (page) => {
    await page.goto(`/workflows/${workflow}/api`);
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Requests a minute").fill("60");
    await page.getByRole("button", { name: "Create the key" }).click();
    await page.getByText("60 requests in 1 min").waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("HTTP 200").waitFor();
    await page.getByText(/^59 requests left, all again in \d+ sec$/).waitFor();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await page.getByLabel("JSON", { exact: true }).fill('{"topic": 1}');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("HTTP 400").waitFor();
    assert.match(await page.getByRole("region", { name: "Body" }).innerText(), /"path": "\/input\/topic"/);
  });
});
