import { createHash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { type ContinueDirective, cacheKey, type Directive, type ExecuteCommand, type Usage } from "@millrace/engine";
import type { Clock } from "#clock";
import type { Logger } from "#log";
import type { RunRecord } from "#runtime/attempts/run-record";
import { NODE_RESULTS, type NodeResultStore } from "#store/node-result-store";

// Results of nodes with `cache`, for other runs of their workflow.
// K1. Only what an attempt has answered is kept, after its run took it for the node's result; a failure never is.
// K2. What is kept has passed the redactor, and is found by its own workflow alone.
// K3. The cache helps or does nothing: whatever is wrong with it, the attempt is carried out.

export interface KeptResultPorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly results: NodeResultStore;
}

/** One attempt's dealings with the cache. */
export interface KeptResult {
  /** What an earlier attempt answered; null: carry it out. */
  find(): Promise<Directive | null>;
  /** `usage`: what the attempt paid for. */
  keep(directive: Directive, usage: readonly Usage[]): void;
}

/** null: the node keeps no results. Throws ExpressionError where its key cannot be evaluated. */
export function keptResultOf({ clock, log, results }: KeptResultPorts, record: RunRecord, command: ExecuteCommand): KeptResult | null {
  const { state, tenantId } = record;
  const { runId, workflow } = state.run;
  const text = cacheKey(state, command.path);
  const { cache } = command.node;
  if (text === null || !cache) return null;
  const key = createHash("sha256").update(text).digest("hex");
  const failed = (what: string) => (error: unknown) => {
    log.warn({ err: error, workflowRunId: runId, path: command.path }, `a result of the node could not be ${what}`);
    return null;
  };
  return {
    find: () =>
      results
        .find(tenantId, workflow.id, key, clock.now())
        .then((kept) => kept && directiveOf(JSON.parse(kept.result), { runId: kept.runId, at: kept.at }))
        .catch(failed("read from the cache")),
    keep: (directive, usage) => {
      if (directive.verb !== "continue" || directive.assign) return;
      const result = JSON.stringify({ port: directive.port ?? "out", output: directive.output, paid: usage.map(paidOf) });
      if (Buffer.byteLength(result) > NODE_RESULTS.bytesOfOne) return;
      const at = clock.now();
      const row = { workflowId: workflow.id, key, runId, at, expiresAt: at + cache.ttlMs, result };
      results.keep(tenantId, row).catch(failed("kept"));
    },
  };
}

function paidOf({ kind, model }: Usage): JsonObject {
  return { kind, ...(model !== undefined && { model }) };
}

/** What was paid for then is told again at no cost. */
function directiveOf(kept: Json, cached: NonNullable<ContinueDirective["cached"]>): Directive | null {
  if (!isJsonObject(kept)) return null;
  const { port, output, paid } = kept as { port: string; output: JsonObject; paid: readonly Pick<Usage, "kind" | "model">[] };
  const usage = paid.map((row): Usage => ({ ...row, inputTokens: 0, outputTokens: 0, credits: "0", cached: true }));
  return { verb: "continue", port, output, usage, cached };
}
