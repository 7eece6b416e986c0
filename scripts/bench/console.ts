import { performance } from "node:perf_hooks";
import type { JsonObject } from "@millrace/contract";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Millrace, startMillrace } from "./millrace.ts";
import { median, report, round } from "./report.ts";

// What the console promises of its speed, in headless Chromium with software rendering, against a server with a real database.

const ROUNDS = 5;
const SIZES = [200, 500, 1_000] as const;
const DRAG_STEPS = 90;
const EXECUTABLE = process.env["MILLRACE_CHROMIUM"] ?? "/usr/bin/chromium";

export async function consolePages(): Promise<void> {
  const server = await startMillrace();
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    await editor(server, browser);
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function editor(server: Millrace, browser: Browser): Promise<void> {
  const rows = [];
  for (const size of SIZES) {
    const { id } = await server.manage("POST", "/api/v1/workflows", { document: graph(size) });
    const page = await pageOf(browser, server);
    const opens: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const began = performance.now();
      await page.goto(`/workflows/${String(id)}/edit`);
      await page.locator(".react-flow__node").first().waitFor();
      // The first brings the code, which the others have at hand.
      if (round > 0) opens.push(performance.now() - began);
    }
    const pan = await framesWhile(page, () => dragPane(page));
    const drag = await framesWhile(page, () => dragNode(page));
    const keystroke = await keystrokeMs(page);
    rows.push({
      nodes: size,
      "open, p50 ms": round(median(opens)),
      "pan, frames/s": round(pan),
      "drag, frames/s": round(drag),
      "keystroke to paint, p50 ms": round(keystroke, 1),
    });
    await page.context().close();
  }
  report("console", "the editor in headless Chromium, software rendering", rows);
}

/** Templates in rows, each reading the one before it. */
function graph(size: number): JsonObject {
  const ids = Array.from({ length: size - 2 }, (_, index) => `step${index}`);
  const chain = ["start", ...ids, "end"];
  return {
    format: "millrace/1",
    name: `graph of ${size}`,
    nodes: [
      { id: "start", type: "start", input: { type: "object", properties: { topic: { type: "string" } } } },
      ...ids.map((id, index) => ({ id, type: "template", text: index === 0 ? "{{ start.topic }}" : `{{ step${index - 1}.text }}.` })),
      { id: "end", type: "end", output: { text: `{{ ${ids.at(-1)}.text }}` } },
    ],
    edges: chain.slice(1).map((id, index) => `${chain[index]} -> ${id}`),
    layout: Object.fromEntries(chain.map((id, index) => [id, [(index % 20) * 320, Math.floor(index / 20) * 140]])),
  };
}

/** Signed in as whoever has the server's key. */
async function pageOf(browser: Browser, server: Millrace): Promise<Page> {
  const { url } = await server.manage("POST", "/api/v1/sign-in-links", {});
  const context = await browser.newContext({ baseURL: `http://127.0.0.1:${server.port}`, viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  const { pathname, hash } = new URL(String(url));
  await page.goto(pathname + hash);
  await page.waitForURL(/\/workflows$/);
  return page;
}

/** Frames that the page painted in a second while something went on. */
async function framesWhile(page: Page, work: () => Promise<void>): Promise<number> {
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

async function dragPane(page: Page): Promise<void> {
  await page.mouse.move(700, 820);
  await dragBy(page, 700, 820);
}

async function dragNode(page: Page): Promise<void> {
  const box = await page.locator(".react-flow__node-step").nth(1).boundingBox();
  if (!box) throw new Error("there is no node to drag");
  await page.mouse.move(box.x + 20, box.y + 8);
  await dragBy(page, box.x + 20, box.y + 8);
}

async function dragBy(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.down();
  for (let step = 1; step <= DRAG_STEPS; step += 1) await page.mouse.move(x + step * 2, y - (step % 20));
  await page.mouse.up();
}

/** From a letter in the field of a node to the frame that shows it. */
async function keystrokeMs(page: Page): Promise<number> {
  await page.locator(".react-flow__node-step").nth(1).click();
  const field = page.getByRole("tabpanel").locator(".cm-content").first();
  await field.click();
  await page.keyboard.press("Control+End");
  await page.evaluate(`{
    const times = (globalThis.times = []);
    document.addEventListener("keydown", () => {
      const began = performance.now();
      requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - began)));
    });
  }`);
  for (const letter of "abcdefghij") await page.keyboard.press(letter, { delay: 60 });
  await page.waitForFunction("times.length >= 10");
  return median(await page.evaluate<number[]>("times"));
}
