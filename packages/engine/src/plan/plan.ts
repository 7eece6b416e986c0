import { isJsonObject, type Json, type Words, type WorkflowDocument } from "@millrace/contract";
import type { NodeSpecs } from "#node-spec";
import { compileGraph, type KnownNames } from "#plan/compile-graph";
import { compileConcurrency } from "#plan/concurrency";
import { checkDocument } from "#plan/document";
import type { Credentials, GraphPlan, NodePlan, Plan } from "#plan/plan-types";
import { type Problem, Problems } from "#plan/problem";
import { readGraph } from "#plan/read-graph";
import { checkRules } from "#plan/rules";

export interface PlanOptions extends KnownNames {
  /** Longest time of a run, ms. Default 24 h. */
  readonly runTimeoutMs?: number;
  /** Iterations of one loop or batch at most (MILLRACE_LOOP_MAX_ITERATIONS). Default 10,000. */
  readonly maxIterations?: number;
  /** Of the language that problems are told in; absent: English. */
  readonly words?: Words;
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
  const problems = new Problems(options.words);
  if (!checkDocument(document, problems)) return { plan: null, problems: problems.list };
  const graph = readGraph(document, specs, problems);
  checkRules(graph, problems);
  const env = (document.env ?? {}) as { readonly [name: string]: Json };
  const concurrency = isJsonObject(document.concurrency) ? compileConcurrency(document.concurrency, graph, { env, problems }) : null;
  const root = compileGraph(graph, { env, known: options, problems });
  return {
    plan: problems.failed ? null : { ...settings(document, options), env, concurrency, root, credentials: credentialsOf(root) },
    problems: problems.list,
  };
}

function credentialsOf(root: GraphPlan): Credentials | null {
  const nodes = allNodes(root);
  const secrets = [...new Set(nodes.flatMap((node) => node.secrets))];
  const connections = [...new Set(nodes.flatMap((node) => [...node.connections, ...node.models]))];
  return secrets.length + connections.length === 0 ? null : { secrets, connections };
}

function allNodes(graph: GraphPlan): readonly NodePlan[] {
  return graph.nodes.flatMap((node) => [node, ...(node.container ? allNodes(node.container.body) : [])]);
}

function settings(document: WorkflowDocument, options: PlanOptions) {
  return {
    name: document.name,
    strictInput: document.strictInput ?? false,
    runTimeoutMs: options.runTimeoutMs ?? DAY_MS,
    maxIterations: options.maxIterations ?? DEFAULT_MAX_ITERATIONS,
  };
}
