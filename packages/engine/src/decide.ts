import type { Json, JsonObject } from "@millrace/contract";
import { frameAt, framesTo, JournalMismatch, nodeAt } from "#apply/spine";
import { errorOf, runError, TerminalError } from "#errors";
import type { EntryBody, LocatedError, TimerKind } from "#journal";
import { jsonBytes } from "#json-size";
import { finishContainer } from "#outcome/container";
import { failureOf } from "#outcome/failure";
import { withInputs } from "#outcome/prepare";
import { evaluate, scopeAt } from "#outcome/scope";
import { finishQuestion, finishWait } from "#outcome/wait";
import { itemPrefix, parsePath } from "#path";
import { armedTimers } from "#pause";
import type { CompiledValue } from "#plan/compiled-value";
import type { NodePlan } from "#plan/plan-types";
import type { Due, Frame, RunState } from "#state";
import { roundCredits } from "#totals";

/** What a host has to do next. Everything that a host does comes from here; what comes of it goes back in as an entry. */
export type Command =
  /** Append this entry now: it follows from the state alone. Comes alone. */
  | { readonly do: "record"; readonly entry: EntryBody }
  /** Run the node's executor. Comes alone where the node is pure: its outcome may change everything else. */
  | ExecuteCommand
  /** At `until` (epoch ms) or later, append timer-fired. */
  | { readonly do: "wait"; readonly path: string; readonly timer: TimerKind; readonly until: number };

export interface ExecuteCommand {
  readonly do: "execute";
  readonly path: string;
  readonly node: NodePlan;
  /** 1 for the first; a host that finds an attempt of an earlier life under way begins the next one. */
  readonly attempt: number;
  /** True: the journal says that this attempt began. Whoever is not running it now has lost it in a crash. */
  readonly begun: boolean;
}

/** Nodes with effects that run at once in one run. */
export const DEFAULT_CONCURRENCY = 32;

/** Serialised output of a run at most; beyond it the run fails with limit_exceeded. */
export const DEFAULT_MAX_OUTPUT_BYTES = 10 * 1024 * 1024;

export interface DecideLimits {
  readonly concurrency?: number;
  readonly maxOutputBytes?: number;
}

/**
 * All that is open in this state: a host starts what it has not started yet and drops what is no longer named.
 * Pure: the same state gives the same commands, in the same order.
 */
export function decide(state: RunState, limits: DecideLimits = {}): readonly Command[] {
  if (state.finished) return [];
  if (state.startedAt === null && state.failure === null) return beginning(state);
  const due = state.due[0];
  if (due) return [{ do: "record", entry: derive(state, due, limits) }];
  return executions(state, limits.concurrency ?? DEFAULT_CONCURRENCY);
}

/** The run begins, once it may. */
function beginning(state: RunState): readonly Command[] {
  return state.active.length === 0 ? [{ do: "record", entry: { type: "run-started" } }] : timers(state);
}

/** What is waited for; whoever cannot do anything else yet does at least this. */
export function timers(state: RunState): Command[] {
  return armedTimers(state).map(({ path, timer, until }) => ({ do: "wait", path, timer, until }));
}

function executions(state: RunState, concurrency: number): Command[] {
  const underWay = attemptsUnderWay(state);
  const begun: Command[] = [];
  for (const { path } of state.ready.all()) {
    const { frame, index } = frameAt(state.root, path);
    const node = planOf(frame, index);
    const command: ExecuteCommand = { do: "execute", path, node, attempt: nodeAt(frame, index).attempt + 1, begun: false };
    if (node.spec.effect !== "none" && underWay.length + begun.length >= concurrency) break;
    const instead = node.skipIf && skipped(state, node.skipIf, command);
    if (instead) return [{ do: "record", entry: instead }];
    if (node.spec.effect === "none") return [command];
    begun.push(command);
  }
  return [...timers(state), ...underWay, ...begun];
}

function attemptsUnderWay(state: RunState): readonly Command[] {
  const attempts = state.active.filter((one) => one.active === "attempt");
  return attempts.map(({ path, attempt }) => ({ do: "execute", path, node: planAt(state, path), attempt, begun: true }));
}

/** The entry of a node that does not begin its attempt, because its `skipIf` says so, or cannot be evaluated; null: it begins. */
function skipped(state: RunState, skipIf: CompiledValue, { path, node, attempt }: ExecuteCommand): EntryBody | null {
  try {
    return evaluate(skipIf, withInputs(node, scopeAt(state, path))) ? { type: "node-skipped", path } : null;
  } catch (thrown) {
    return failureOf(state, path, attempt, errorOf(thrown), state.at);
  }
}

/** The entry that a due consequence stands for. */
function derive(state: RunState, due: Due, limits: DecideLimits): EntryBody {
  switch (due.due) {
    case "skip":
      return { type: "node-skipped", path: due.path };
    case "open":
      return openNext(state, due.path, due.index);
    case "close":
      return closeItem(state, due);
    case "complete":
      return completeContainer(state, due.path);
    case "wake":
      return attempt(state, due.path, () => finishWait(state, due.path, due.at, due.value));
    case "decide":
      return attempt(state, due.path, () => finishQuestion(state, due.path, due.at, due.answers));
    case "fail":
      return failureOf(state, due.path, attemptAt(state, due.path), due.error, state.at);
    case "end":
      return endRun(state, limits.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES);
    default:
      return due satisfies never;
  }
}

/** The next item, unless the loop's `while` says that there is none. */
function openNext(state: RunState, path: string, index: number): EntryBody {
  const condition = planAt(state, path).container?.while;
  if (!condition) return { type: "item-opened", path, index };
  return attempt(state, path, () => {
    if (!evaluate(condition, scopeAt(state, path))) return finishContainer(state, path);
    const most = state.plan.maxIterations;
    if (index >= most) throw new TerminalError("loop_limit", `The loop reached its limit of ${most} iterations.`);
    return { type: "item-opened", path, index };
  });
}

function closeItem(state: RunState, due: Extract<Due, { due: "close" }>): EntryBody {
  const { path, index, how } = due;
  if (how !== "completed") return { type: "item-closed", path, index, how, ...(due.error && { error: due.error }) };
  const node = planAt(state, path);
  const collect = node.container?.collect;
  const inside = itemPrefix(path, index);
  try {
    const frame = framesTo(state.root, parsePath(inside)).at(-1);
    if (!frame) throw new JournalMismatch(`item ${index} of ${path} is not open`);
    const output: Json = collect ? evaluate(collect, scopeAt(state, inside)) : (frame.result ?? null);
    return { type: "item-closed", path, index, how, output };
  } catch (thrown) {
    const error: LocatedError = { ...errorOf(thrown), nodeId: node.id, nodeName: node.name };
    return { type: "item-closed", path, index, how: "failed", error };
  }
}

function completeContainer(state: RunState, path: string): EntryBody {
  return attempt(state, path, () => finishContainer(state, path));
}

function attempt(state: RunState, path: string, make: () => EntryBody): EntryBody {
  try {
    return make();
  } catch (thrown) {
    return failureOf(state, path, attemptAt(state, path), errorOf(thrown), state.at);
  }
}

function endRun(state: RunState, maxOutputBytes: number): EntryBody {
  const totals = { totalCost: roundCredits(state.totals.credits), totalTokens: state.totals.tokens };
  const failed = (error: LocatedError): EntryBody => ({ type: "run-finished", status: "FAILED", error, ...totals });
  if (state.failure) return failed(state.failure);
  const output = outputOf(state.root);
  if (!output) return failed(runError("internal", "The run came to rest without reaching an end node."));
  if (jsonBytes(output, maxOutputBytes) > maxOutputBytes) {
    return failed(runError("limit_exceeded", `The output exceeds ${maxOutputBytes} bytes (MILLRACE_MAX_OUTPUT_BYTES).`));
  }
  return { type: "run-finished", status: "SUCCEED", output, ...totals };
}

/** The members of every end that was reached, in plan order: where two name the same member, the later end in the document wins. */
function outputOf(root: Frame): JsonObject | null {
  const reached = root.graph.nodes.filter((node, index) => node.spec.role === "end" && nodeAt(root, index).status === "finished");
  if (reached.length === 0) return null;
  const outputs = reached.map((node) => nodeAt(root, node.index).output as JsonObject);
  return outputs.length === 1 ? (outputs[0] ?? null) : Object.fromEntries(outputs.flatMap((output) => Object.entries(output)));
}

function planOf(frame: Frame, index: number): NodePlan {
  const node = frame.graph.nodes[index];
  if (!node) throw new JournalMismatch(`no node ${index} in frame "${frame.prefix}"`);
  return node;
}

function planAt(state: RunState, path: string): NodePlan {
  const { frame, index } = frameAt(state.root, path);
  return planOf(frame, index);
}

function attemptAt(state: RunState, path: string): number {
  const { frame, index } = frameAt(state.root, path);
  return nodeAt(frame, index).attempt;
}
