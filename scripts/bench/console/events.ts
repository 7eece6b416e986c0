import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { JsonObject } from "@millrace/contract";
import type { Browser, Page } from "playwright-core";
import { invokeRequest, KILOBYTE, timed } from "../measure.ts";
import { type Millrace, publish, startMillrace } from "../millrace.ts";
import { median, type Row, round } from "../report.ts";
import { pageOf, ROUNDS } from "./browser.ts";
import { graph } from "./editor.ts";

// How soon a page tells of what happens elsewhere, and how soon what a page orders has happened.

const POLL_MS = 5;

/** From each of these to where it shows, ms; the times are of C2, C9, C25, C26, C27 and C40. */
export async function events(browser: Browser): Promise<Row[]> {
  const target = await Held.listen();
  const server = await startMillrace();
  try {
    const ticked = await tickMs(server, browser);
    const saved = await savedMs(server, browser);
    const revoked = await revokedMs(server);
    const { answered, cancelled } = await runPageMs(server, browser, target);
    const back = await backMs(server, browser, target);
    return [
      { what: "a call from elsewhere → its box of the checklist is ticked, ms", value: round(ticked), budget: "1,000" },
      { what: "a letter in the editor → Saved, p50 ms", value: round(saved), budget: "1,000" },
      { what: "a node's answer → the run's page, p50 ms", value: round(answered), budget: "500" },
      { what: "Cancel run → Cancelled, and the called run has let go, p50 ms", value: round(cancelled), budget: "2,000" },
      { what: "kill -9, a new start → the list says how its run ended, ms", value: round(back), budget: "10,000" },
      { what: "a key is revoked → calls are refused, p50 ms", value: round(revoked), budget: "1,000" },
    ];
  } finally {
    await target.close();
  }
}

/** A fresh server's page Home, while somebody calls with a key. */
async function tickMs(server: Millrace, browser: Browser): Promise<number> {
  const page = await pageOf(browser, server);
  const box = (state: string) => page.getByRole("status", { name: `${state}: Call it from curl`, exact: true });
  await page.goto("/");
  await box("To do").waitFor();
  await timed(server, invokeRequest(server, "greet", KILOBYTE));
  const ms = await msUntil(box("Done").waitFor());
  await page.context().close();
  return ms;
}

async function savedMs(server: Millrace, browser: Browser): Promise<number> {
  const { id } = await server.manage("POST", "/api/v1/workflows", { document: { ...graph(3), name: "saved" } });
  const page = await pageOf(browser, server);
  await page.goto(`/workflows/${String(id)}/edit`);
  await page.locator('.react-flow__node[data-id="step0"]').click();
  await page.getByRole("tabpanel").locator(".cm-content").first().click();
  const saved = page
    .getByRole("status")
    .filter({ hasText: /^Saved/ })
    .first();
  const ms = await rounds(async () => {
    const sent = page.waitForRequest((request) => request.method() === "PUT" && request.url().endsWith("/draft"));
    await page.keyboard.press("a");
    return msUntil(sent.then(() => saved.waitFor()));
  });
  await page.context().close();
  return ms;
}

async function revokedMs(server: Millrace): Promise<number> {
  return rounds(async () => {
    const { id, key } = await server.manage("POST", "/api/v1/keys", { name: "short", workflows: ["greet"], scopes: ["invoke"] });
    await server.manage("DELETE", `/api/v1/keys/${String(id)}`);
    return msUntil(refused(server, String(key)));
  });
}

async function refused(server: Millrace, key: string): Promise<void> {
  while ((await call(server, key, KILOBYTE)).status !== 401) await pause(POLL_MS);
}

/** A run that waits for another system, called by another one: its page while that answers, and while it is cancelled. */
async function runPageMs(server: Millrace, browser: Browser, target: Held): Promise<{ answered: number; cancelled: number }> {
  await publish(server.manage, asking(target.port));
  const key = await publish(server.manage, CALLING);
  const page = await pageOf(browser, server);
  const open = async (): Promise<ServerResponse> => {
    const arrived = target.next();
    const run = await (await call(server, key, {}, true)).json();
    await page.goto(`/runs/${String((run as JsonObject)["workflowRunId"])}`);
    await status(page, "Waiting").or(status(page, "Running")).first().waitFor();
    return arrived;
  };
  const answered = await rounds(async () => {
    const waiting = await open();
    waiting.end("{}");
    return msUntil(status(page, "Succeeded").waitFor());
  });
  const cancelled = await rounds(async () => {
    const waiting = await open();
    const letGo = new Promise((resolve) => waiting.once("close", resolve));
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
    return msUntil(Promise.all([status(page, "Cancelled").waitFor(), letGo]));
  });
  await page.context().close();
  return { answered, cancelled };
}

/** Ends the server that it is given, while a run of it waits, and one that starts on the same data goes on with that. */
async function backMs(server: Millrace, browser: Browser, target: Held): Promise<number> {
  const page = await pageOf(browser, server);
  const arrived = target.next();
  await call(server, await publish(server.manage, asking(target.port)), {}, true);
  await arrived;
  await page.goto("/runs");
  const rows = (state: string) => page.getByRole("row", { name: new RegExp(`${state}.*asking`) });
  await rows("Running").first().waitFor();
  const [before, again] = [await rows("Succeeded").count(), target.next()];
  process.kill(server.pid, "SIGKILL");
  const began = performance.now();
  const next = await startMillrace({ MILLRACE_PORT: String(server.port) }, server.dataDir);
  (await again).end("{}");
  await rows("Succeeded").nth(before).waitFor();
  const ms = performance.now() - began;
  await page.context().close();
  await next.stop();
  return ms;
}

const status = (page: Page, text: string) => page.getByRole("heading", { level: 1 }).getByText(text, { exact: true });

function call({ port }: Millrace, key: string, input: object, isAsync = false): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/v1/workflow/invoke`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ input, isAsync }),
  });
}

function asking(port: number) {
  const ask = { id: "ask", type: "http", request: { url: `http://127.0.0.1:${port}/` } };
  return workflow("asking", ask);
}

const CALLING = workflow("calling", { id: "call", type: "workflow", workflow: "asking" });

function workflow(name: string, node: { readonly id: string } & JsonObject) {
  const nodes = [{ id: "start", type: "start" }, node, { id: "end", type: "end", output: {} }];
  return { format: "millrace/1", name, nodes, edges: [`start -> ${node.id}`, `${node.id} -> end`] };
}

/** The median of what several take; the first is for warmth. */
async function rounds(one: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n <= ROUNDS; n += 1) times.push(await one());
  return median(times.slice(1));
}

async function msUntil(what: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await what;
  return performance.now() - began;
}

/** Another system, which answers when it is told to. */
class Held {
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  #arrived = Promise.withResolvers<ServerResponse>();

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("request", (_request, response) => this.#arrived.resolve(response));
  }

  static async listen(): Promise<Held> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Held(server);
  }

  /** The next request, to be answered by whoever asks for it. */
  next(): Promise<ServerResponse> {
    this.#arrived = Promise.withResolvers();
    return this.#arrived.promise;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
