import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { JsonObject } from "@millrace/contract";
import type { Entry } from "@millrace/engine";
import pino from "pino";
import { createApp, DEFAULT_TENANT } from "../../packages/server/src/app.ts";
import { loadSettings } from "../../packages/server/src/config/load-settings.ts";
import { environmentAlone } from "../promises/forms/forms.ts";
import { chance } from "../promises/harness/chance.ts";
import { settingsFor, startMillrace } from "../promises/harness/millrace.ts";
import type { Environment } from "../promises/harness/server-process.ts";
import { startEffectServer } from "./effect-server.ts";

// kill -9 of the server while runs are in flight, again and again; then every acknowledged run must end, and no recorded step may
// have run again. The checker reads the receiver's count and the journals; it shares no code with the engine.

export interface KillLoopOptions {
  readonly kills: number;
  /** Runs in flight when the server dies. */
  readonly runs: number;
  readonly seed: number;
}

export interface KillLoopFigure {
  readonly kills: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly failed: number;
  /** Why the first failed run failed; a loop over runs that all fail proves nothing. */
  readonly firstError: unknown;
  readonly logicalSteps: number;
  /** Steps with a node-started entry after their node-finished entry. */
  readonly recordedStepsRerun: number;
  /** Effects that happened more often than attempts were announced. */
  readonly unannouncedEffects: number;
  /** Attempts by number of effects seen for one key. */
  readonly effectsPerStep: { readonly [count: string]: number };
  readonly resumeMs: { readonly p50: number; readonly max: number };
}

const NODES = 20;

/** start → 10 pairs of (HTTP with an effect → template) → end. */
function workflow(port: number): JsonObject {
  const nodes: JsonObject[] = [{ id: "start", type: "start", input: { type: "object", properties: { n: { type: "integer" } } } }];
  const edges: string[] = [];
  let last = "start";
  for (let i = 0; i < NODES / 2; i++) {
    nodes.push({
      id: `call${i}`,
      type: "http",
      request: { method: "POST", url: `http://127.0.0.1:${port}/effect`, body: { json: { n: "{{ start.n }}" } } },
    });
    nodes.push({ id: `text${i}`, type: "template", text: `step ${i}: {{ call${i}.body.done }}` });
    edges.push(`${last} -> call${i}`, `call${i} -> text${i}`);
    last = `text${i}`;
  }
  nodes.push({ id: "end", type: "end", output: { n: "{{ start.n }}", last: `{{ ${last}.text }}` } });
  return { format: "millrace/1", name: "crash", nodes, edges: [...edges, `${last} -> end`] };
}

export async function killLoop(options: KillLoopOptions): Promise<KillLoopFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-crash-"));
  const receiver = await startEffectServer(15);
  const environment = settingsFor(dataDir, { MILLRACE_EGRESS_ALLOW: `127.0.0.1:${receiver.port}` });
  const key = await prepare(environment, receiver.port);
  const random = chance(options.seed);
  const acknowledged: string[] = [];
  const resumes: number[] = [];
  for (let round = 0; round < options.kills; round++) {
    const server = await startMillrace(environment);
    resumes.push(server.readyMs);
    const dying = submit(server.port, key, options.runs, acknowledged);
    // In turn: somewhere while runs are being accepted, and soon after all of them are.
    if (round % 2 === 1) await dying;
    await new Promise((resolve) => setTimeout(resolve, random() * (round % 2 === 1 ? 250 : 700)));
    await Promise.all([dying, server.end("SIGKILL")]);
  }
  const figure = await check(dataDir, environment, key, acknowledged, receiver.effects, options.kills, resumes);
  await receiver.close();
  rmSync(dataDir, { recursive: true, force: true });
  return figure;
}

async function prepare(environment: Environment, port: number): Promise<string> {
  const server = await startMillrace(environment);
  const { key } = await server.publish(workflow(port));
  await server.end("SIGTERM");
  return key;
}

/** Sends until the server is gone; a run counts only when the whole acknowledgement arrived. */
async function submit(port: number, key: string, runs: number, acknowledged: string[]): Promise<void> {
  const one = async (n: number): Promise<void> => {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/workflow/invoke`, {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        body: JSON.stringify({ input: { n }, isAsync: true }),
      });
      const body = (await answer.json()) as { workflowRunId?: string };
      if (answer.ok && body.workflowRunId !== undefined) acknowledged.push(body.workflowRunId);
    } catch {
      // The server died: whether the run exists is unknown, and nothing was promised.
    }
  };
  await Promise.all(Array.from({ length: runs }, (_, n) => one(n)));
}

async function check(
  dataDir: string,
  environment: Environment,
  key: string,
  acknowledged: readonly string[],
  effects: ReadonlyMap<string, number>,
  kills: number,
  resumes: number[],
): Promise<KillLoopFigure> {
  const server = await startMillrace(environment);
  resumes.push(server.readyMs);
  const answers: RunAnswer[] = [];
  for (const id of acknowledged) answers.push(await terminalAnswer(server.port, key, id));
  await server.end("SIGTERM");
  const journals = await readJournals(dataDir, acknowledged);
  const steps = journals.flatMap(({ id, entries }) => stepsOf(id, entries));
  const counts = steps.map(({ effectKey }) => effects.get(effectKey) ?? 0);
  const histogram: { [count: string]: number } = {};
  for (const count of counts) histogram[count] = (histogram[count] ?? 0) + 1;
  const sorted = [...resumes].sort((a, b) => a - b);
  return {
    kills,
    acknowledged: acknowledged.length,
    lost: answers.filter(({ status }) => status !== "SUCCEED" && status !== "FAILED").length,
    failed: answers.filter(({ status }) => status === "FAILED").length,
    firstError: answers.find(({ status }) => status === "FAILED")?.error ?? null,
    logicalSteps: steps.length,
    recordedStepsRerun: steps.filter(({ rerun }) => rerun).length,
    unannouncedEffects: steps.filter(({ attempts }, index) => (counts[index] ?? 0) > attempts).length,
    effectsPerStep: histogram,
    resumeMs: { p50: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0), max: Math.round(sorted.at(-1) ?? 0) },
  };
}

interface RunAnswer {
  readonly status?: unknown;
  readonly error?: unknown;
}

/** Polls are bounded: a run that has not ended after a minute is lost. */
async function terminalAnswer(port: number, key: string, workflowRunId: string): Promise<RunAnswer> {
  const until = performance.now() + 60_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/workflow/query/result`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}` },
      body: JSON.stringify({ workflowRunId }),
    });
    const body = (await answer.json()) as RunAnswer;
    if (body.status === "SUCCEED" || body.status === "FAILED" || answer.status === 404 || performance.now() > until) return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readJournals(dataDir: string, ids: readonly string[]): Promise<{ id: string; entries: readonly Entry[] }[]> {
  const { settings } = loadSettings(await environmentAlone({ MILLRACE_DATA_DIR: dataDir }), { port: "0" }, "0.0.0-crash");
  const app = await createApp(settings, pino({ level: "silent" }));
  const journals = [];
  for (const id of ids) journals.push({ id, entries: await app.store.runs.journal(DEFAULT_TENANT, id) });
  await app.close();
  return journals;
}

interface Step {
  readonly effectKey: string;
  /** node-started entries. */
  readonly attempts: number;
  readonly rerun: boolean;
}

function stepsOf(id: string, entries: readonly Entry[]): Step[] {
  const paths = new Set(entries.flatMap((entry) => (entry.type === "node-started" ? [entry.path] : [])));
  return [...paths].map((path) => {
    const own = entries.filter((entry) => "path" in entry && entry.path === path);
    const finished = own.findIndex((entry) => entry.type === "node-finished");
    const starts = own.flatMap((entry, index) => (entry.type === "node-started" ? [index] : []));
    const finishes = own.filter((entry) => entry.type === "node-finished").length;
    return {
      effectKey: `${id}:${path}`,
      attempts: starts.length,
      rerun: finishes > 1 || (finished >= 0 && starts.some((index) => index > finished)),
    };
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [kills = "50", runs = "200", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
  const figure = await killLoop({ kills: Number(kills), runs: Number(runs), seed: Number(seed) });
  mkdirSync("reports", { recursive: true });
  writeFileSync("reports/kill-loop.json", `${JSON.stringify({ ...figure, seed: Number(seed) }, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify({ ...figure, seed: Number(seed) }, null, 2)}\n`);
  process.exit(figure.lost === 0 && figure.failed === 0 && figure.recordedStepsRerun === 0 && figure.unannouncedEffects === 0 ? 0 : 3);
}
