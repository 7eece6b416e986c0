import { join } from "node:path";
import type { Entry } from "@millrace/engine";
import { encodeSegment } from "#store/journal/encode";
import { OwnClaim } from "#store/sql/own-claim";
import { identityColumns, summaryColumns } from "#store/sql/run-columns";
import { usageColumns } from "#store/sql/usage-columns";
import { openWriter } from "#store/sqlite/connections";
import { createVerbs, type Verbs } from "#store/sqlite/writer/verbs";
import type { NewRun, RunSummary } from "#store/store";

// A history that nobody had to wait for. The store's own verbs write the runs, with their journals and what they paid for, as they would
// for a server: but in one thread, many to a transaction, and without a flush of the disk.

const TENANT = "default";
const AT_ONCE = 5_000;
const WEEK_MS = 7 * 86_400_000;

/** One run in so many failed, and one in so many paid for a model. */
const FAILED_EVERY = 50;
const PAID_EVERY = 10;
const MODELS = ["gpt-4o-mini", "gpt-4o", "claude-sonnet-4"];

export interface GeneratedOf {
  readonly workflowId: string;
  readonly workflowName: string;
}

/**
 * Puts ended runs into a data directory that no server has open, spread evenly over the last seven days.
 * @param workflows they take turns
 * @param count how many in all
 */
export function generateRuns(dataDir: string, workflows: readonly GeneratedOf[], count: number): void {
  const database = openWriter(join(dataDir, "millrace.db"));
  database.exec("PRAGMA synchronous = OFF");
  const { accept } = createVerbs(database);
  const from = Date.now() - WEEK_MS;
  for (let number = 0; number < count; number += 1) {
    if (number % AT_ONCE === 0) database.exec("BEGIN IMMEDIATE");
    const workflow = workflows[number % workflows.length];
    if (workflow) write(accept, newRun(number, from + Math.floor((number / count) * WEEK_MS), workflow), number);
    if ((number + 1) % AT_ONCE === 0 || number + 1 === count) database.exec("COMMIT");
  }
  database.close();
}

function newRun(number: number, acceptedAt: number, workflow: GeneratedOf): NewRun {
  const time = acceptedAt.toString(16).padStart(12, "0");
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, "0")}`;
  return { id, ...workflow, version: "1.0.0", userId: `u${number % 500}`, origin: null, keyId: null, owner: "", acceptedAt };
}

function write(accept: Verbs["accept"], run: NewRun, number: number): void {
  const { id: runId, workflowId, workflowName, version, userId, acceptedAt: at } = run;
  const executionMs = 40 + ((number * 7_919) % 4_000);
  const endedAt = at + executionMs;
  const isFailed = number % FAILED_EVERY === 0;
  const isPaid = number % PAID_EVERY === 0;
  const totals = isPaid ? { totalCost: 0.01, totalTokens: 280 } : { totalCost: 0, totalTokens: 0 };
  const paid = {
    kind: "chat",
    model: MODELS[(number / PAID_EVERY) % MODELS.length] ?? "",
    inputTokens: 200,
    outputTokens: 80,
    credits: "0.01",
  } as const;
  const entries: readonly Entry[] = [
    {
      type: "run-accepted",
      interpreter: 1,
      runId,
      workflow: { id: workflowId, name: workflowName, version },
      input: { topic: "News" },
      userId,
      seed: runId,
      at,
    },
    { type: "run-started", at },
    {
      type: "node-finished",
      path: "ask",
      port: "out",
      output: { text: "Nothing much." },
      at: endedAt,
      ...(isPaid && { attempt: 1, usage: [paid] }),
    },
    isFailed
      ? { type: "run-finished", status: "FAILED", error: FAILURE, ...totals, at: endedAt }
      : { type: "run-finished", status: "SUCCEED", output: { text: "Nothing much." }, ...totals, at: endedAt },
  ];
  const errorType = isFailed ? FAILURE.type : null;
  const summary: RunSummary = { status: isFailed ? "FAILED" : "SUCCEED", startedAt: at, endedAt, executionMs, ...totals, errorType };
  const { text } = encodeSegment(entries, new OwnClaim(TENANT, runId, 1).stored);
  accept(TENANT, "", identityColumns(run), summaryColumns(summary), [entries.length, text], null, [], [], usageColumns(entries));
}

const FAILURE = { type: "http_503", code: 502, message: "The server is away.", retryable: true, nodeId: "ask", nodeName: "Ask" };
