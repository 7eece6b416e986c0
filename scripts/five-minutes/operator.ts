import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { openBrowser } from "./page.ts";
import { type Running, Terminal } from "./terminal.ts";
import { sees, until, type Walk } from "./walk.ts";

/** Seconds that the script may take, with a person's pauses. */
export const BUDGET_S = 240;

/** A run of each begins here; the other side of both is this script. */
const SLOW = `format: millrace/1
name: slow
nodes:
  - { id: start, type: start, input: { type: object, properties: { url: { type: string } } } }
  - { id: ask, type: http, request: { url: "{{ start.url }}" } }
  - { id: end, type: end, output: { said: "{{ ask.body }}" } }
edges: [start -> ask, ask -> end]
`;

type Page = Awaited<ReturnType<typeof openBrowser>>["page"];

/** From a first start to a backup that has been tried. */
export async function operator(walk: Walk): Promise<void> {
  const terminal = new Terminal();
  const visitor = await openBrowser();
  const other = await startOther();
  terminal.export("MILLRACE_EGRESS_ALLOW", "127.0.0.1");
  try {
    const first = await firstLook(walk, terminal);
    await fiftyRuns(walk, terminal, visitor.page);
    const second = await killAndResume(walk, { terminal, page: visitor.page, other, server: first });
    await tryAlert(walk, visitor.page, other);
    await replayAll(walk, terminal, visitor.page);
    await backUp(walk, terminal);
    await second.end();
  } finally {
    other.close();
    await visitor.close();
    await terminal.close();
  }
}

async function startServer(terminal: Terminal): Promise<Running> {
  const server = terminal.start("npx millrace dev --port 0");
  const [, url = ""] = await server.seen(/API +(http:\S+)\/v1/);
  await server.seen(/ Try /);
  terminal.export("MILLRACE_ENDPOINT", url);
  return server;
}

async function firstLook(walk: Walk, terminal: Terminal): Promise<Running> {
  let server: Running | undefined;
  await walk.step(0, "npx millrace dev", async () => {
    server = await startServer(terminal);
    return (await server.seen(/ready in [\d.]+ s/))[0];
  });
  await walk.step(25, "npx millrace doctor; curl …/readyz", async () => {
    const { stdout, stderr } = await terminal.run("npx millrace doctor");
    if (stdout + stderr !== "") throw new Error(`it is not silent:\n${stdout}${stderr}`);
    const { stdout: status } = await terminal.run("curl -s -o /dev/null -w '%{http_code}' $MILLRACE_ENDPOINT/readyz");
    return `silent; ${sees(status, /^200$/)[0]}`;
  });
  if (server === undefined) throw new Error("there is no server");
  return server;
}

async function fiftyRuns(walk: Walk, terminal: Terminal, page: Page): Promise<void> {
  await walk.step(45, "npx millrace invoke todayNews --repeat 50", async () => {
    const { stdout } = await terminal.run("npx millrace invoke todayNews -i topic=News --repeat 50 -o name");
    const ids = new Set(stdout.trim().split("\n"));
    if (ids.size !== 50) throw new Error(`${ids.size} ids:\n${stdout}`);
    return "50 ids";
  });
  await walk.step(60, "Usage, and its CSV", async () => {
    const { stdout: link } = await terminal.run("npx millrace open todayNews -o text");
    await page.goto(new URL("/usage", link.trim()).href);
    const runs = await cells(page, "Runs, by workflow", "todayNews");
    if (runs[0] !== "50") throw new Error(`not 50 runs: ${runs.join(" ")}`);
    const [shown = ""] = await cells(page, "Paid, by group", "todayNews");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).click();
    const [head = "", ...rows] = readFileSync(await (await download).path(), "utf8")
      .trim()
      .split("\n");
    const at = head.split(",").indexOf("requests");
    const inCsv = rows.reduce((sum, row) => sum + Number(row.split(",")[at]), 0);
    if (inCsv === 0 || inCsv !== Number(shown.replaceAll(",", "")))
      throw new Error(`${shown} requests, and in the CSV:\n${head}\n${rows.join("\n")}`);
    return `50 runs; ${inCsv} paid requests in both`;
  });
}

/** What a row of a table says behind its name. */
async function cells(page: Page, table: string, row: string): Promise<readonly string[]> {
  const found = page.getByRole("table", { name: table }).getByRole("row").filter({ hasText: row });
  await found.waitFor();
  return found.getByRole("cell").allInnerTexts();
}

interface Killed {
  readonly terminal: Terminal;
  readonly page: Page;
  readonly other: Other;
  readonly server: Running;
}

async function killAndResume(walk: Walk, { terminal, page, other, server }: Killed): Promise<Running> {
  writeFileSync(terminal.path("slow.yaml"), SLOW);
  await terminal.run("npx millrace deploy slow.yaml --publish");
  const { stdout } = await terminal.run(`npx millrace invoke slow -i url=${other.url}/held --async -o name`);
  const run = stdout.trim();
  await other.held;
  let second: Running | undefined;
  await walk.step(90, "kill -9 in the middle of a run, start again", async () => {
    await server.end("SIGKILL");
    second = await startServer(terminal);
    return (await second.seen(/ready in [\d.]+ s/))[0];
  });
  await walk.step(95, "the run", async () => {
    await terminal.run(`npx millrace runs wait ${run}`);
    const { stdout: link } = await terminal.run(`npx millrace open ${run} -o text`);
    await page.goto(link.trim());
    await page.getByText("The process was lost while").waitFor();
    return "Succeeded, and a banner says that it was taken over";
  });
  if (second === undefined) throw new Error("there is no second server");
  return second;
}

async function tryAlert(walk: Walk, page: Page, other: Other): Promise<void> {
  await walk.step(120, "an alert of the failure rate, and its test", async () => {
    await page.goto(new URL("/alerts", page.url()).href);
    await page.getByRole("button", { name: "New alert" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel("When").selectOption({ label: "Failure rate" });
    await form.getByLabel("URL").fill(`${other.url}/alert`);
    await form.getByRole("button", { name: "Save" }).click();
    const rule = page.getByRole("listitem").filter({ hasText: "of the runs of all workflows fail" });
    await rule.getByRole("button", { name: "Test" }).click();
    await rule.getByText(/^The receiver took the test/).waitFor();
    await until("the webhook", 10_000, () => other.alerts.length > 0);
    return sees(other.alerts.join("\n"), /failure_rate/)[0];
  });
}

async function replayAll(walk: Walk, terminal: Terminal, page: Page): Promise<void> {
  for (let count = 0; count < 3; count++) await terminal.run("npx millrace invoke slow -i url=ftp://nowhere", 3);
  await walk.step(150, "Runs: replay all that failed", async () => {
    await page.goto(new URL("/runs?status=FAILED", page.url()).href);
    await page.getByRole("button", { name: "All matching" }).click();
    await page.getByRole("menuitem", { name: "Replay all failed that match" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Replay all failed that match" }).click();
    await page.getByText("Replaying runs · Done").waitFor();
    const count = async (name: string) => Number(await page.locator("dl div", { hasText: name }).locator("dd").first().textContent());
    const [matched = 0, done = 0] = await Promise.all(["Matched", "Done"].map(count));
    if (matched !== 3 || done !== 3) throw new Error(`not three of three: ${done} of ${matched}`);
    return `${done} of ${matched}, done`;
  });
}

async function backUp(walk: Walk, terminal: Terminal): Promise<void> {
  const count = async (): Promise<number> => {
    const { stdout } = await terminal.run("npx millrace runs list --limit 0 -o name");
    return stdout.trim().split("\n").length;
  };
  const before = await count();
  await walk.step(180, "npx millrace backup, restore --to new", async () => {
    // The key is in no backup: its owner brings it along.
    await terminal.run("npx millrace backup b.tgz && npx millrace restore b.tgz --to new && cp .millrace/secret.key new/");
    const key = `mr_${"o".repeat(40)}`;
    const restored = terminal.start(`MILLRACE_DATA_DIR=new MILLRACE_ADMIN_KEY=${key} npx millrace start --port 0`);
    const [, url = ""] = await restored.seen(/"url":"(http:[^"]+)"/);
    terminal.export("MILLRACE_ENDPOINT", url);
    terminal.export("MILLRACE_API_KEY", key);
    const after = await count();
    await restored.end();
    if (after !== before) throw new Error(`${before} runs before, ${after} after`);
    return `${after} runs in both`;
  });
}

/** What the workflows and alerts of this script talk to. */
interface Other {
  readonly url: string;
  /** A first request is there, and gets no answer. */
  readonly held: Promise<void>;
  /** Bodies of what an alert sent. */
  readonly alerts: readonly string[];
  close(): void;
}

async function startOther(): Promise<Other> {
  const alerts: string[] = [];
  const held: ServerResponse[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url === "/held" && held.length === 0) {
        held.push(response);
        resolve();
        return;
      }
      if (request.url === "/alert") alerts.push(Buffer.concat(chunks).toString("utf8"));
      response.end("ok");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held: promise,
    alerts,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
