import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { FORM } from "../forms/forms.ts";
import type { Millrace } from "./millrace.ts";
import type { Answer } from "./send.ts";

export const INVOKE = "/v1/workflow/invoke";
const QUERY = "/v1/workflow/query/result";

type Headers = { readonly [name: string]: string };

export function invoke(server: Millrace, key: string, body: object, headers: Headers = {}): Promise<Answer> {
  return server.call("POST", INVOKE, { key, body, headers });
}

export function query(server: Millrace, key: string, workflowRunId: string, headers: Headers = {}): Promise<Answer> {
  return server.call("POST", QUERY, { key, body: { workflowRunId }, headers });
}

export function runIdOf(answer: Answer): string {
  return String(answer.json["workflowRunId"] ?? "");
}

export function isTerminal(answer: Answer): boolean {
  return answer.status === 200 && (answer.json["status"] === "SUCCEED" || answer.json["status"] === "FAILED");
}

/** Runs that have not ended by then are lost. Those of a process that died begin again once its lease is over, and suspects one after the other. */
const PATIENCE_MS = FORM === "sqlite" ? 60_000 : 180_000;
const POLL_MS = 20;

/** The answer of a run that has ended; the last one before patience ran out where it has not. */
export async function terminalAnswer(server: Millrace, key: string, runId: string, headers: Headers = {}): Promise<Answer> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await query(server, key, runId, headers);
    if (isTerminal(answer) || answer.status === 404 || performance.now() > until) return answer;
    await pause(POLL_MS);
  }
}

/** What became otherwise of an acknowledged run; null: an end is the one that was told, and a run that was told as under way has ended. */
export async function falsehood(server: Millrace, key: string, told: Answer): Promise<string | null> {
  const now = await terminalAnswer(server, key, runIdOf(told));
  const isTrue = isTerminal(told) ? now.text === told.text : isTerminal(now);
  return isTrue ? null : `${runIdOf(told)} answers ${now.status} ${now.text.slice(0, 200)}`;
}

/** `work` for each item, `width` at a time. */
export async function eachAtOnce<T>(items: readonly T[], width: number, work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
