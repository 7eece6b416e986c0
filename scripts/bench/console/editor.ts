import { performance } from "node:perf_hooks";
import type { JsonObject } from "@millrace/contract";
import type { Browser, Locator, Page } from "playwright-core";
import type { Millrace } from "../millrace.ts";
import { median, type Row, round } from "../report.ts";
import { framesWhile, openMs, pageOf, ROUNDS } from "./browser.ts";

const SIZES = [200, 500, 1_000] as const;
const DRAG_STEPS = 90;

/** Opening, moving and writing in graphs of several sizes. */
export async function editor(server: Millrace, browser: Browser): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    const { id } = await server.manage("POST", "/api/v1/workflows", { document: graph(size) });
    const page = await pageOf(browser, server);
    const open = await openMs(page, `/workflows/${String(id)}/edit`, () => page.locator(".react-flow__node").first().waitFor());
    // Before anything is dragged: what is dragged takes the view, and its neighbours, with it.
    const keystroke = await keystrokeMs(page);
    const pan = await framesWhile(page, () => dragPane(page));
    const drag = await framesWhile(page, async () => dragNode(page, await visibleNode(page)));
    rows.push({
      nodes: size,
      "open, p50 ms": round(open),
      "pan, frames/s": round(pan),
      "drag, frames/s": round(drag),
      "keystroke to paint, p50 ms": round(keystroke, 1),
    });
    await page.context().close();
  }
  return rows;
}

/** From the click on “This node” to its output, ms: a node that calls nobody. */
export async function runNode(server: Millrace, browser: Browser): Promise<number> {
  const { id } = await server.manage("POST", "/api/v1/workflows", { document: graph(3) });
  const page = await pageOf(browser, server);
  await page.goto(`/workflows/${String(id)}/edit`);
  await page.locator('.react-flow__node[data-id="step0"]').click();
  await page.getByRole("tab", { name: "Last run" }).click();
  const button = page.getByRole("button", { name: "This node", exact: true });
  const output = page.getByRole("tabpanel").getByText("Succeeded");
  const times: number[] = [];
  for (let n = 0; n <= ROUNDS; n += 1) {
    const began = performance.now();
    await Promise.all([page.waitForResponse(/draft\/runs$/), button.click()]);
    await output.waitFor();
    if (n > 0) times.push(performance.now() - began);
  }
  await page.context().close();
  return median(times);
}

/** Templates in rows, each reading the one before it. */
export function graph(size: number): JsonObject {
  const ids = Array.from({ length: size - 2 }, (_, index) => `step${index}`);
  const chain = ["start", ...ids, "end"];
  return {
    format: "millrace/1",
    name: `graph of ${size}`,
    nodes: [
      { id: "start", type: "start", input: { type: "object", properties: { topic: { type: "string", default: "AI" } } } },
      ...ids.map((id, index) => ({ id, type: "template", text: index === 0 ? "{{ start.topic }}" : `{{ step${index - 1}.text }}.` })),
      { id: "end", type: "end", output: { text: `{{ ${ids.at(-1)}.text }}` } },
    ],
    edges: chain.slice(1).map((id, index) => `${chain[index]} -> ${id}`),
    layout: Object.fromEntries(chain.map((id, index) => [id, [(index % 20) * 320, Math.floor(index / 20) * 140]])),
  };
}

/** A node that a pointer can reach: the library mounts some beyond the edge, and controls lie over others. */
async function visibleNode(page: Page): Promise<Locator> {
  const pane = await page.locator(".react-flow__pane").boundingBox();
  if (!pane) throw new Error("there is no canvas");
  const [x, y] = [pane.x + pane.width / 2, pane.y + pane.height / 2];
  const id = await page.evaluate<string | null>(`(() => {
    const inTheMiddle = (node) => {
      const { left, right, top, bottom } = node.getBoundingClientRect();
      return Math.hypot((left + right) / 2 - ${x}, (top + bottom) / 2 - ${y});
    };
    const nodes = [...document.querySelectorAll(".react-flow__node-step")];
    return nodes.sort((one, other) => inTheMiddle(one) - inTheMiddle(other))[0]?.dataset.id ?? null;
  })()`);
  if (id === null) throw new Error("there is no node on the canvas");
  return page.locator(`.react-flow__node[data-id="${id}"]`);
}

async function dragPane(page: Page): Promise<void> {
  const pane = await page.locator(".react-flow__pane").boundingBox();
  if (!pane) throw new Error("there is no canvas");
  const [x, y] = [pane.x + pane.width * 0.3, pane.y + pane.height - 30];
  await page.mouse.move(x, y);
  await dragBy(page, x, y);
}

async function dragNode(page: Page, node: Locator): Promise<void> {
  const box = await node.boundingBox();
  if (!box) throw new Error("there is no node to drag");
  const [x, y] = [box.x + box.width / 4, box.y + box.height / 4];
  await page.mouse.move(x, y);
  await dragBy(page, x, y);
}

async function dragBy(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.down();
  for (let step = 1; step <= DRAG_STEPS; step += 1) await page.mouse.move(x + step * 2, y - (step % 20));
  await page.mouse.up();
}

/** From a letter in the field of a node to the frame that shows it. */
async function keystrokeMs(page: Page): Promise<number> {
  await (await visibleNode(page)).click();
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
