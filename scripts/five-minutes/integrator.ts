import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openBrowser } from "./page.ts";
import { Terminal } from "./terminal.ts";
import { completions, typeErrors } from "./typescript.ts";
import { sees, type Walk } from "./walk.ts";

/** Seconds that the script may take, with a person's pauses. */
export const BUDGET_S = 180;

/** The example is answered at once. */
const ANSWERED_WITHIN_MS = 1_000;

type Page = Awaited<ReturnType<typeof openBrowser>>["page"];

/** From the API page of a server that is there to a program that is called back. */
export async function integrator(walk: Walk): Promise<void> {
  const terminal = new Terminal();
  const visitor = await openBrowser();
  const receiver = await startReceiver();
  try {
    const server = terminal.start("npx millrace dev --port 0");
    const [, url = ""] = await server.seen(/API +(http:\S+)\/v1/);
    await server.seen(/ Try /);
    terminal.export("MILLRACE_ENDPOINT", url);
    await copySnippet(walk, terminal, visitor.page);
    const curl = await firstCalls(walk, terminal, visitor.page);
    const runId = await beCalledBack(walk, terminal, visitor.page, receiver);
    await askForResult(walk, terminal, { url, curl, runId, receiver });
    await typedCall(walk, terminal, visitor.page);
    await openRun(walk, terminal, visitor.page, curl);
  } finally {
    receiver.close();
    await visitor.close();
    await terminal.close();
  }
}

async function copySnippet(walk: Walk, terminal: Terminal, page: Page): Promise<void> {
  const { stdout: link } = await terminal.run("npx millrace open todayNews -o text");
  await walk.step(0, "open the API page", async () => {
    await page.goto(link.trim().replace("/edit#", "/api#"));
    const live = await page
      .getByText(/1\.0\.0/)
      .first()
      .innerText();
    await page.getByRole("button", { name: "New key" }).waitFor();
    return live;
  });
  await walk.step(10, "make a key, pick curl", async () => {
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByRole("button", { name: "Create the key" }).click();
    await pick(page, "curl", "Synchronous");
    const shown = await page.getByRole("region", { name: "Snippet" }).innerText();
    return sees(shown, /Bearer mr_.{3}/)[0];
  });
}

async function pick(page: Page, tool: string, mode: string): Promise<void> {
  await page.getByRole("button", { name: tool, exact: true }).click();
  await page.getByRole("button", { name: mode, exact: true }).click();
}

/** As the button of the page copies it. */
async function snippet(page: Page): Promise<string> {
  await page.getByRole("button", { name: /^Copy/ }).first().click();
  return page.evaluate<string>("navigator.clipboard.readText()");
}

/** Answers the pasted line. */
async function firstCalls(walk: Walk, terminal: Terminal, page: Page): Promise<string> {
  let curl = "";
  await walk.step(15, "copy it", async () => {
    curl = await snippet(page);
    return sees(curl, /^curl/)[0];
  });
  await walk.step(25, "paste it", async () => {
    const began = performance.now();
    const { stdout } = await terminal.run(curl);
    const tookMs = performance.now() - began;
    if (tookMs > ANSWERED_WITHIN_MS) throw new Error(`answered after ${tookMs.toFixed(0)} ms`);
    return sees(stdout, /"status":\s*"SUCCEED"/)[0];
  });
  await walk.step(45, 'break it: "topic": 1', async () => {
    const broken = curl.replace(/"topic":\s*"[^"]*"/, '"topic":1');
    const { stdout } = await terminal.run(`${broken} -w ' HTTP %{http_code}'`);
    return `${sees(stdout, /\/input\/topic/)[0]} ${sees(stdout, /HTTP 400/)[0]}`;
  });
  return curl;
}

/** Answers the run's id. */
async function beCalledBack(walk: Walk, terminal: Terminal, page: Page, receiver: Receiver): Promise<string> {
  await pick(page, "curl", "With webhook");
  const calling = await snippet(page);
  await walk.step(70, "the webhook snippet", async () => sees((await terminal.run(calling)).stdout, /"status":\s*"PENDING"/)[0]);
  let runId = "";
  await walk.step(85, "npx millrace webhooks listen, and again", async () => {
    const listening = terminal.start(`npx millrace webhooks listen ${receiver.url}`);
    await listening.seen(/Listening/);
    const { stdout } = await terminal.run(calling);
    [, runId = ""] = sees(stdout, /"workflowRunId":\s*"([^"]+)"/);
    const [line] = await listening.seen(/POST .*SUCCEED.*→ 200.*/);
    const { headers } = await receiver.received;
    if (headers["webhook-signature"] === undefined) throw new Error("what was forwarded is not signed");
    await listening.end();
    return line.replace(/\s+/g, " ");
  });
  return runId;
}

interface Asked {
  readonly url: string;
  readonly curl: string;
  readonly runId: string;
  readonly receiver: Receiver;
}

async function askForResult(walk: Walk, terminal: Terminal, { url, curl, runId, receiver }: Asked): Promise<void> {
  const [, key = ""] = sees(curl, /(mr_\w{40}|mr_[\w-]{40})/);
  await walk.step(110, "query/result by its id", async () => {
    const line = `curl -s ${url}/v1/workflow/query/result -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"workflowRunId":"${runId}"}'`;
    const { stdout } = await terminal.run(line);
    const { body } = await receiver.received;
    if (stdout !== body) throw new Error(`not the body that was delivered:\n${stdout}\n${body}`);
    return `the same ${stdout.length} bytes`;
  });
}

async function typedCall(walk: Walk, terminal: Terminal, page: Page): Promise<void> {
  await walk.step(150, "the TypeScript snippet in a project", async () => {
    await pick(page, "TypeScript", "Synchronous");
    const program = await snippet(page);
    await terminal.run("npx millrace init app --yes");
    terminal.cd("app");
    await terminal.run("MILLRACE_API_KEY=$(cat ../.millrace/admin.key) npx millrace pull --all --yes && npx millrace types");
    const errors = typeErrors(terminal.path(), program);
    if (errors !== "") throw new Error(errors);
    const offered = completions(terminal.path(), program.replace(/(invoke|start)\(\{[^}]*\}/, "$1({ | }"));
    if (!offered.includes("topic")) throw new Error("an editor does not offer topic");
    const { stdout } = await terminal.run("node call.ts");
    if (stdout.trim() === "") throw new Error("it prints nothing");
    return "its input is typed, and it runs";
  });
}

async function openRun(walk: Walk, terminal: Terminal, page: Page, curl: string): Promise<void> {
  await walk.step(180, "open the link in X-Run-Url", async () => {
    const { stdout } = await terminal.run(`${curl} -D - -o /dev/null`);
    const [, link = ""] = sees(stdout, /^x-run-url: (\S+)/im);
    await page.goto(link);
    await page.getByText("Succeeded").first().waitFor();
    return new URL(link).pathname;
  });
}

interface Receiver {
  readonly url: string;
  /** The first request. */
  readonly received: Promise<{ readonly headers: { readonly [name: string]: unknown }; readonly body: string }>;
  close(): void;
}

async function startReceiver(): Promise<Receiver> {
  const { promise, resolve } = Promise.withResolvers<Awaited<Receiver["received"]>>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.end();
      resolve({ headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
    });
  });
  await new Promise<void>((resolveListen) => server.listen(0, "127.0.0.1", resolveListen));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received: promise, close: () => void server.close() };
}
