import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { generateRuns } from "../../../packages/server/src/store/sqlite/testing/generated-runs.ts";
import { RUNS } from "../history.ts";
import { invokeRequest, timed } from "../measure.ts";
import { type Millrace, startMillrace } from "../millrace.ts";
import { mebibytes, type Row, round } from "../report.ts";
import { framesWhile, heapBytes, openMs, pageOf } from "./browser.ts";

const DIST = new URL("../../../packages/console/dist/", import.meta.url);

/** Iterations of a batch: each has a row, and so has its one node. */
const ITERATIONS = 500;

const LARGE_BYTES = 20 * 1_048_576;
const WHEEL_STEPS = 120;

/** Scripts that the entry page names, which are all that is loaded before a page is shown: kB of gzip. */
export function shellScript(): number {
  const page = readFileSync(new URL("index.html", DIST), "utf8");
  const scripts = [...page.matchAll(/(?:src|href)="(\.\/[^"]+\.js)"/g)].map(([, path = ""]) => readFileSync(new URL(path, DIST)));
  return round(scripts.reduce((sum, script) => sum + gzipSync(script).length, 0) / 1_000, 1);
}

/** A run of a thousand spans, and one whose every value has 20 MB. */
export async function inspector(browser: Browser): Promise<Row[]> {
  const server = await startMillrace({ MILLRACE_MAX_BODY_BYTES: String(LARGE_BYTES * 2) });
  const many = await runOf(server, "many", { items: Array.from({ length: ITERATIONS }, (_, n) => n) });
  const page = await pageOf(browser, server);
  const rows = page.getByRole("region", { name: "Timeline of the run" }).locator("[data-key]");
  const open = await openMs(page, `/runs/${many}`, () => rows.nth(5).waitFor());
  await page.mouse.move(400, 600);
  const scroll = await framesWhile(page, async () => {
    for (let step = 0; step < WHEEL_STEPS; step += 1) await page.mouse.wheel(0, 120);
  });
  const large = await runOf(server, "large", { text: "y".repeat(LARGE_BYTES) });
  await page.goto(`/runs/${large}`);
  await page.getByRole("button", { name: /^t4: Succeeded/ }).click();
  await page.getByRole("heading", { name: "Output" }).waitFor();
  const heap = await heapBytes(page);
  await page.context().close();
  await server.stop();
  return [
    { what: `inspector, ${2 * ITERATIONS} spans: open, p50 ms`, value: round(open), budget: "1,500" },
    { what: `inspector, ${2 * ITERATIONS} spans: scroll, frames/s`, value: round(scroll), budget: "at least 30" },
    { what: "inspector, values of 20 MB: heap, MiB", value: mebibytes(heap), budget: "300" },
  ];
}

async function runOf(server: Millrace, workflow: string, input: object): Promise<string> {
  const { body } = await timed(server, invokeRequest(server, workflow, input));
  const id = /"workflowRunId":"([^"]+)"/.exec(body)?.[1];
  if (id === undefined) throw new Error(body.slice(0, 500));
  return id;
}

/** A server of a week with `RUNS` runs, each of which paid for a model. */
async function withHistory(): Promise<Millrace> {
  const first = await startMillrace();
  const { data } = await first.manage("GET", "/api/v1/workflows");
  const workflows = data as unknown as readonly { readonly id: string; readonly name: string }[];
  await first.halt();
  const began = performance.now();
  generateRuns(
    first.dataDir,
    workflows.map(({ id, name }) => ({ workflowId: id, workflowName: name })),
    RUNS,
  );
  process.stderr.write(`  ${RUNS} runs written in ${round((performance.now() - began) / 1_000)} s\n`);
  return startMillrace({}, first.dataDir);
}

/** Lists over a long history: `MILLRACE_BENCH_HISTORY` makes it shorter. */
export async function longHistory(browser: Browser): Promise<Row[]> {
  const server = await withHistory();
  const page = await pageOf(browser, server);
  const runs = await openMs(page, "/runs", () => page.getByRole("row").nth(5).waitFor());
  const usage = await openMs(page, "/usage", () => page.getByRole("row", { name: /greet/ }).first().waitFor());
  await page.context().close();
  await server.stop();
  return [
    { what: `runs page, a history of ${RUNS} runs: first rows, p50 ms`, value: round(runs), budget: "1,000" },
    { what: "usage page, the same history: first numbers, p50 ms", value: round(usage), budget: "1,000" },
  ];
}
