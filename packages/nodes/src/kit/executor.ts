import type { Json, JsonObject } from "@millrace/contract";
import type { Directive, Effect, NodeSpec, Usage } from "@millrace/engine";
import type { CancelSignal, Egress, Sandbox, Workflows } from "#kit/capabilities";
import type { Databases } from "#kit/databases";
import type { FileParser } from "#kit/file-parser";
import type { Knowledge } from "#kit/knowledge";
import type { ChatDelta, Models } from "#kit/models";
import type { Tools } from "#kit/tools";

/** What every executor may know of the attempt that it carries out. */
export interface PureContext {
  readonly runId: string;
  /** Structural path, `each[3]/fetch`. */
  readonly path: string;
  /** The node's evaluated `inputs`. */
  readonly inputs: JsonObject;
  /** The run's input with Start's defaults applied: declared parameters only, absent ones null. */
  readonly startValues: JsonObject;
  /** Iterations of one loop or batch at most. */
  readonly maxIterations: number;
}

/** What an executor with effects gets besides. */
export interface EffectContext extends PureContext {
  readonly attempt: number;
  /** `runId:nodePath:iteration`: the same on every attempt of this logical step, over restarts and upgrades. */
  readonly idempotencyKey: string;
  /** Aborted on cancel, on the node's deadline, on a lost fence. */
  readonly signal: CancelSignal;
  /** What is left for this attempt, ms; null: no deadline of the node's own. */
  readonly timeoutMs: number | null;
  readonly capabilities: Capabilities;
  /** Shows a piece of what is to come to whoever follows the run at the moment. It is kept nowhere, so the result must hold it again. */
  readonly show: (delta: ChatDelta) => void;
  /** For nodes that take several steps: those that are done are not done again. */
  readonly once: DoOnce;
}

/**
 * Does a step of a node that takes several, and records what came of it before it answers. A step that an earlier attempt has recorded is not
 * done again, also not after a crash: its record is the answer. What throws is not recorded.
 * Throws `TerminalError` out_of_credits before a paid step, and what `run` throws.
 */
export type DoOnce = (step: OnceStep, run: (own: OnceContext) => Promise<Json>) => Promise<Once>;

export interface OnceStep {
  /** The same for the same step in every attempt, and no other's. */
  readonly name: string;
  /** It begins only while the budgets that it falls under have something left. */
  readonly paid: boolean;
}

/** What the step alone may use, in place of what the attempt may: what it pays for is counted to it. */
export interface OnceContext {
  readonly capabilities: Capabilities;
  /** `runId:nodePath:step` */
  readonly idempotencyKey: string;
}

export interface Once {
  /** What `run` answered, without what is secret. */
  readonly output: Json;
  readonly usage: readonly Usage[];
}

/** The ways out of the interpreter. */
export interface Capabilities {
  readonly egress: Egress;
  readonly sandbox: Sandbox;
  readonly workflows: Workflows;
  readonly models: Models;
  readonly files: FileParser;
  readonly knowledge: Knowledge;
  readonly databases: Databases;
  readonly tools: Tools;
}

/** Without effects: synchronous, the same directive for the same arguments. */
export interface PureExecutor {
  readonly spec: NodeSpec;
  readonly effect: "none";
  run(config: JsonObject, context: PureContext): Directive;
  /** For the configs that the spec's `effectOf` says have effects; null: there are none. */
  readonly withEffects: EffectExecutor | null;
}

export interface EffectExecutor {
  readonly spec: NodeSpec;
  readonly effect: Exclude<Effect, "none">;
  run(config: JsonObject, context: EffectContext): Promise<Directive>;
}

export type Executor = PureExecutor | EffectExecutor;

/** `Config` is the evaluated config: its shape was checked against the spec's schema before. */
export function definePure<Config>(
  spec: NodeSpec,
  run: (config: Config, context: PureContext) => Directive,
  withEffects: EffectExecutor | null = null,
): PureExecutor {
  if (spec.effect !== "none") throw new Error(`${spec.type} has effects`);
  return { spec, effect: spec.effect, run: (config, context) => run(config as Config, context), withEffects };
}

export function defineEffect<Config>(spec: NodeSpec, run: (config: Config, context: EffectContext) => Promise<Directive>): EffectExecutor {
  if (spec.effect === "none") throw new Error(`${spec.type} is declared pure`);
  return { spec, effect: spec.effect, run: (config, context) => run(config as Config, context) };
}
