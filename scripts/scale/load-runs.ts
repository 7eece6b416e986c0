import type { Entry } from "@millrace/engine";
import { DEFAULT_TENANT } from "../../packages/server/src/app.ts";
import type { Store } from "../../packages/server/src/store/store.ts";
import type { EffectServer } from "../crash/effect-server.ts";
import type { Millrace } from "../promises/harness/millrace.ts";
import { until } from "../promises/harness/until.ts";
import { say } from "./say.ts";

/** Calls that begin runs at once. */
const AT_ONCE = 16;

/** A run that has not ended by then is lost. */
const PATIENCE_MS = 180_000;

/** What load is put on, and where its outcome is read. */
export interface Loaded {
  readonly api: Pick<Millrace, "call">;
  readonly store: Store;
  readonly effects: EffectServer;
}

/** Begins so many runs, and resolves with those that were acknowledged. A call that is refused or broken off is made again, as the same. */
export async function begin(form: Loaded, key: string, runs: number): Promise<readonly string[]> {
  const ids: string[] = [];
  const began = performance.now();
  let left = runs;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const headers = { "Idempotency-Key": `${began} ${left}` };
      const body = { input: { n: left }, isAsync: true };
      const accepted = async (): Promise<boolean> => {
        const { json } = await form.api.call("POST", "/v1/workflow/invoke", { key, headers, body });
        if (typeof json["workflowRunId"] !== "string") return false;
        ids.push(json["workflowRunId"]);
        return true;
      };
      await until("a run to be accepted", accepted, PATIENCE_MS);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return ids;
}

export interface Outcome {
  readonly runs: number;
  /** Runs that have not come to their end with success. */
  readonly lost: number;
  /** Outcomes of a step beyond the first one, in all journals. */
  readonly duplicates: number;
  /** Steps with an effect. */
  readonly effects: number;
  /** Effects that were carried out more than once, under the same key. */
  readonly repeated: number;
  /** Keys under which something was done and that belong to no step. */
  readonly foreign: number;
}

/** Waits for the ends, and compares the journals with what was seen outside. */
export async function outcomeOf(form: Loaded, key: string, ids: readonly string[]): Promise<Outcome> {
  const deadline = Date.now() + PATIENCE_MS;
  let lost = 0;
  for (const id of ids) if (!(await hasSucceeded(form, key, id, deadline))) lost += 1;
  const keys = new Set<string>();
  let duplicates = 0;
  for (const id of ids) {
    const finished = finishedPaths(await form.store.runs.journal(DEFAULT_TENANT, id));
    duplicates += finished.length - new Set(finished).size;
    for (const path of finished) if (path.startsWith("call")) keys.add(`${id}:${path}`);
  }
  const { effects } = form.effects;
  const repeated = [...keys].filter((one) => (effects.get(one) ?? 0) > 1).length;
  const foreign = [...effects.keys()].filter((one) => !keys.has(one)).length;
  return { runs: ids.length, lost, duplicates, effects: keys.size, repeated, foreign };
}

function finishedPaths(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((entry) => (entry.type === "node-finished" ? [entry.path] : []));
}

async function hasSucceeded(form: Loaded, key: string, workflowRunId: string, deadline: number): Promise<boolean> {
  for (;;) {
    const { json } = await form.api.call("POST", "/v1/workflow/query/result", { key, body: { workflowRunId } });
    if (json["endTime"] !== undefined) return json["status"] === "SUCCEED";
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Resolves once each of them has come to its end; with the time that took, ms. */
export async function untilEnded(form: Loaded, key: string, ids: readonly string[]): Promise<number> {
  const began = performance.now();
  for (const id of ids)
    if (!(await hasSucceeded(form, key, id, Date.now() + PATIENCE_MS))) throw new Error(`run ${id} has not come to its end with success`);
  return Math.round(performance.now() - began);
}

/** Prints it; false where something was lost or is there twice. */
export function judged({ runs, lost, duplicates, effects, repeated, foreign }: Outcome, form: Loaded): boolean {
  say(
    `${runs} runs: ${lost} lost, ${duplicates} duplicate records; ${effects} effects, ${repeated} of them repeated, ${foreign} under another key`,
  );
  say(`longest time without an effect: ${Math.round(form.effects.longestGapMs())} ms`);
  return lost + duplicates + foreign === 0;
}

/** Resolves once so much has been done outside. */
export function effectsSeen(form: Loaded, count: number): Promise<void> {
  return until(`${count} effects`, () => form.effects.effects.size >= count, 300_000);
}
