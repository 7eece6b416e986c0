import type { Json } from "@millrace/contract";
import type { Usage } from "@millrace/engine";
import type { Capabilities } from "#kit/executor";

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
