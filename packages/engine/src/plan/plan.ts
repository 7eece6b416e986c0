import { isJsonObject, type Json, type WorkflowDocument } from "@millrace/contract";
import type { NodeSpecs } from "#node-spec";
import { compileGraph } from "#plan/compile-graph";
import { compileConcurrency } from "#plan/concurrency";
import { checkDocument } from "#plan/document";
import type { Plan } from "#plan/plan-types";
import { type Problem, Problems } from "#plan/problem";
import { readGraph } from "#plan/read-graph";
import { checkRules } from "#plan/rules";

export interface PlanOptions {
  /** Longest time of a run, ms. Default 24 h. */
  readonly runTimeoutMs?: number;
  /** Iterations of one loop or batch at most (MILLRACE_LOOP_MAX_ITERATIONS). Default 10,000. */
  readonly maxIterations?: number;
  /** Names that `secrets.*` may read on this server. */
  readonly secrets?: ReadonlySet<string>;
}

const DAY_MS = 86_400_000;
const DEFAULT_MAX_ITERATIONS = 10_000;

export interface PlanResult {
  /** null as long as there is an error. */
  readonly plan: Plan | null;
  readonly problems: readonly Problem[];
}

/**
 * Document → plan, or every problem at once. Pure and quick enough for each keystroke of an editor; never throws.
 * What is checked: shape, names, node configs, edges, cycles, rules of each node's place, every expression and reference.
 */
export function plan(document: unknown, specs: NodeSpecs, options: PlanOptions = {}): PlanResult {
  const problems = new Problems();
  if (!checkDocument(document, problems)) return { plan: null, problems: problems.list };
  const graph = readGraph(document, specs, problems);
  checkRules(graph, problems);
  const env = (document.env ?? {}) as { readonly [name: string]: Json };
  const concurrency = isJsonObject(document.concurrency) ? compileConcurrency(document.concurrency, graph, { env, problems }) : null;
  const root = compileGraph(graph, { env, secrets: options.secrets ?? new Set(), problems });
  return { plan: problems.failed ? null : { ...settings(document, options), env, concurrency, root }, problems: problems.list };
}

function settings(document: WorkflowDocument, options: PlanOptions) {
  return {
    name: document.name,
    strictInput: document.strictInput ?? false,
    runTimeoutMs: options.runTimeoutMs ?? DAY_MS,
    maxIterations: options.maxIterations ?? DEFAULT_MAX_ITERATIONS,
  };
}
