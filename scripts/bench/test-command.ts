import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { median, report, round } from "./report.ts";

const FILES = 5;
const CASES_A_FILE = 20;
const ROUNDS = 5;

/** A bit of everything: a request with retries, code, a batch, an approval, a timer of a day. */
const workflow = {
  format: "millrace/1",
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: { n: { type: "integer" } } } },
    { id: "fetch", type: "http", request: { method: "GET", url: "https://example.com/{{ start.n }}" }, retry: { maxAttempts: 3 } },
    { id: "code", type: "code", inputs: { n: "{{ start.n }}" }, code: "return { twice: n * 2 };" },
    {
      id: "each",
      type: "batch",
      items: "{{ [1, 2, 3, 4, 5] }}",
      body: { nodes: [{ id: "row", type: "template", text: "{{ item }} of {{ code.twice }}" }], edges: [] },
      collect: "{{ row.text }}",
    },
    { id: "ask", type: "approval", title: "Go on?" },
    { id: "pause", type: "delay", forMs: 86_400_000 },
    { id: "end", type: "end", output: { rows: "{{ each.items }}", body: "{{ fetch.body }}" } },
  ],
  edges: ["start -> fetch", "fetch -> code", "code -> each", "each -> ask", "ask.approve -> pause", "ask.reject -> end", "pause -> end"],
};

const testCase = (n: number) => ({
  name: `case ${n}`,
  input: { n },
  mocks: { fetch: { fail: ["http_503"], output: { body: n } }, ask: n % 2 === 0 ? { approve: true } : { reject: true } },
  expect: { output: { rows: { contains: `5 of ${2 * n}` }, body: n }, nodes: { fetch: { attempts: 2 } } },
});

/** L24: what a hundred cases take, the start of the command included. */
export async function testCommand(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "millrace-test-command-"));
  mkdirSync(join(dir, "flows"));
  for (let file = 0; file < FILES; file++) {
    const name = `flow${file}`;
    writeFileSync(join(dir, "flows", `${name}.json`), JSON.stringify({ ...workflow, name }));
    const cases = Array.from({ length: CASES_A_FILE }, (_, index) => testCase(file * CASES_A_FILE + index));
    writeFileSync(join(dir, "flows", `${name}.test.json`), JSON.stringify({ workflow: name, cases }));
  }
  const rows = [];
  for (const [form, entry] of [
    ["bundle", "packages/server/dist/cli.js"],
    ["sources", "packages/server/src/cli/main.ts"],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < ROUNDS; i++) times.push(await timeOnce(dir, resolve(entry)));
    rows.push({ form, [`${FILES * CASES_A_FILE} cases, p50 s of ${ROUNDS}`]: round(median(times) / 1_000, 2) });
  }
  report("test-command", `millrace test: ${FILES * CASES_A_FILE} cases in ${FILES} files`, rows);
  rmSync(dir, { recursive: true });
}

function timeOnce(cwd: string, entry: string): Promise<number> {
  const began = performance.now();
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry, "test"], {
      cwd,
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.once("error", failed);
    child.once("close", (status) =>
      status === 0 ? done(performance.now() - began) : failed(new Error(`millrace test ended with ${status}`)),
    );
  });
}
