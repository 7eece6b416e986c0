import assert from "node:assert/strict";
import type { JsonObject } from "@millrace/contract";
import {
  apply,
  begin,
  type Directive,
  decide,
  type ExecuteCommand,
  errorOf,
  type NodeError,
  type NodeSpec,
  type Plan,
  type Problem,
  plan,
  prepare,
  type RunState,
  settled,
  stamp,
} from "@millrace/engine";
import { executors } from "#executors";
import type { EffectContext, Executor, PureContext } from "#kit/executor";
import { nodeSpecs } from "#specs";
import { scripted } from "#testing/doubles";
import { onceOver } from "#testing/once";
import type { Sample } from "#testing/sample";
import { documentOf, given, SUBJECT } from "#testing/sample-document";

const IDEMPOTENCY_KEY = "run-1:subject:0";

/** What came of a sample, in the words of its expectation. */
export type Outcome = { readonly directive: Directive } | { readonly error: NodeError } | { readonly problems: readonly Problem[] };

const SPECS = new Map([...nodeSpecs, [given.spec.type, given.spec]]);
const EXECUTORS = new Map<string, Executor>([...executors, [given.spec.type, given]]);

/** Plans the sample's workflow, runs it up to the node, and then the node: through the engine's own front door. */
export async function runSample(spec: NodeSpec, sample: Sample): Promise<Outcome> {
  const limits = sample.maxIterations === undefined ? {} : { maxIterations: sample.maxIterations };
  const planned = plan(documentOf(spec, sample), SPECS, limits);
  if (planned.plan === null || planned.problems.length > 0) return { problems: planned.problems.map(relative) };
  if (spec.role === "note") return { problems: [] };
  const { state, command } = reach(planned.plan, sample);
  return execute(state, command, sample);
}

/** Paths of problems are relative to the node, as they are in a sample. */
function relative(problem: Problem): Problem {
  return { ...problem, path: problem.path.replace(/^(?:\/nodes\/\d+(?:\/body)?)+/, "") };
}

function reach(workflow: Plan, sample: Sample): { state: RunState; command: ExecuteCommand } {
  const accepted = {
    type: "run-accepted" as const,
    interpreter: 1,
    runId: "run-1",
    workflow: { id: "w1", name: "sample", version: "v1" },
    input: startValues(sample),
    userId: null,
    seed: "seed",
    at: 0,
  };
  for (let state = begin(workflow, accepted), steps = 0; steps < 1_000; steps++) {
    const command = decide(state).find((one) => one.do !== "wait");
    assert.ok(command, "the sample's node is never reached");
    if (command.do === "execute" && command.node.id === SUBJECT) return { state, command };
    const entry = command.do === "record" ? command.entry : settled(state, command, runPure(state, command, sample), 0);
    assert.notEqual(entry.type, "node-failed", JSON.stringify(entry));
    state = apply(state, stamp(state, entry, 0));
  }
  throw new Error("the sample's node is not reached in 1,000 steps");
}

function runPure(state: RunState, command: ExecuteCommand, sample: Sample): Directive {
  const executor = EXECUTORS.get(command.node.type);
  assert.ok(executor?.effect === "none", `${command.node.type} is not pure`);
  const { config, inputs } = prepare(state, command.path);
  return executor.run(config, contextOf(command, inputs, sample));
}

async function execute(state: RunState, command: ExecuteCommand, sample: Sample): Promise<Outcome> {
  const executor = EXECUTORS.get(command.node.type);
  assert.ok(executor, `${command.node.type} has no executor`);
  const script = scripted(sample);
  try {
    const { config, inputs } = prepare(state, command.path);
    const context = contextOf(command, inputs, sample);
    const directive = await carryOut(command, executor, config, context, effects(context, sample, script.capabilities));
    script.finish();
    const entry = settled(state, command, directive, 0);
    assert.notEqual(entry.type, "node-failed", JSON.stringify(entry));
    return { directive };
  } catch (thrown) {
    if (thrown instanceof assert.AssertionError) throw thrown;
    script.finish();
    return { error: errorOf(thrown) };
  }
}

function carryOut(
  { node }: ExecuteCommand,
  executor: Executor,
  config: JsonObject,
  context: PureContext,
  effects: EffectContext,
): Directive | Promise<Directive> {
  if (executor.effect !== "none") return executor.run(config, effects);
  if (node.spec.effect === "none") return executor.run(config, context);
  assert.ok(executor.withEffects, `${node.type} has no executor with effects`);
  return executor.withEffects.run(config, effects);
}

function contextOf(command: ExecuteCommand, inputs: JsonObject, sample: Sample): PureContext {
  return { runId: "run-1", path: command.path, inputs, startValues: startValues(sample), maxIterations: sample.maxIterations ?? 10_000 };
}

function effects(context: PureContext, sample: Sample, capabilities: EffectContext["capabilities"]): EffectContext {
  const { signal } = new AbortController();
  return {
    ...context,
    attempt: 1,
    idempotencyKey: IDEMPOTENCY_KEY,
    signal,
    timeoutMs: sample.timeoutMs ?? null,
    capabilities,
    show: () => undefined,
    once: onceOver(capabilities, IDEMPOTENCY_KEY),
  };
}

function startValues(sample: Sample): JsonObject {
  return (sample.scope?.["start"] ?? {}) as JsonObject;
}
