import { performance } from "node:perf_hooks";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Millrace } from "../millrace.ts";
import { median } from "../report.ts";

const EXECUTABLE = process.env["MILLRACE_CHROMIUM"] ?? "/usr/bin/chromium";

/** Measurements of which the median counts; one before them brings the code, which the others have at hand. */
export const ROUNDS = 5;

/** Longest wait for what a page is to show, ms. */
const PATIENCE_MS = 120_000;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** A page of its own, signed in as whoever has the server's key. */
export async function pageOf(browser: Browser, server: Millrace): Promise<Page> {
  const baseURL = `http://127.0.0.1:${server.port}`;
  const context = await browser.newContext({ baseURL, viewport: { width: 1_440, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
  const { url } = await server.manage("POST", "/api/v1/sign-in-links", {});
  const answer = await context.request.post("/api/v1/sign-in/link", {
    data: { token: new URL(String(url)).hash.slice("#link=".length) },
    headers: { Origin: baseURL },
  });
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
  return context.newPage();
}

/** From the address to what `ready` waits for, ms. */
export async function openMs(page: Page, path: string, ready: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const began = performance.now();
    await page.goto(path, { waitUntil: "commit" });
    await ready();
    if (round > 0) times.push(performance.now() - began);
  }
  return median(times);
}

/** Frames that the page painted in a second while something went on. */
export async function framesWhile(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(`{
    const counted = (globalThis.counted = { frames: 0, going: true });
    const count = () => {
      counted.frames += 1;
      if (counted.going) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  }`);
  const began = performance.now();
  await work();
  const frames = await page.evaluate<number>("((counted.going = false), counted.frames)");
  return (frames * 1_000) / (performance.now() - began);
}

/** What the page's scripts hold after a collection, bytes. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}
