import type { Json } from "@millrace/contract";
import type { ExecuteCommand } from "#decide";
import type { Directive, Usage } from "#directive";
import { errorOf, RetryableError, TerminalError } from "#errors";
import type { Entry, EntryBody, NodeFailed, StepRecorded } from "#journal";
import { failureOf } from "#outcome/failure";
import { bounded, outcome } from "#outcome/outcome";
import type { RunState } from "#state";

// A host's loop, in words: decide; record what is due; execute what is ready; append what comes of it; apply; again.
// I1. A node with effects runs only after its node-started entry is durable.
// I2. A node whose node-finished entry is durable never runs again in the same run.
// I3. Nothing here reads a clock, chance or the network: time comes in with each entry, chance from the run's seed.
// I4. Every thrown error becomes an entry; none is lost, none escapes into the host.

/** The entry that opens an attempt of a node with effects. */
export function attemptStarted(command: ExecuteCommand): EntryBody {
  return { type: "node-started", path: command.path, attempt: command.attempt };
}

/** The entry of something that the attempt did and that is not to be done again. Throws where its output cannot be kept. */
export function stepDone({ path, attempt }: ExecuteCommand, step: string, output: Json): StepRecorded {
  return { type: "step-recorded", path, attempt, step, output: bounded(output) };
}

/** The entry that an executor's answer stands for; an answer that cannot be used is a failure of the node. */
export function settled(state: RunState, command: ExecuteCommand, directive: Directive, now: number): EntryBody {
  try {
    return outcome(state, command.path, command.node, command.attempt, directive, timeIn(state, now));
  } catch (thrown) {
    return failed(state, command, thrown, now, directive.verb === "continue" ? directive.usage : undefined);
  }
}

/** The entry that a thrown error stands for. */
export function failed(
  state: RunState,
  command: ExecuteCommand,
  thrown: unknown,
  now: number,
  usage: readonly Usage[] = usageOf(thrown),
): NodeFailed {
  return failureOf(state, command.path, command.attempt, errorOf(thrown), timeIn(state, now), usage);
}

function usageOf(thrown: unknown): readonly Usage[] {
  return thrown instanceof TerminalError || thrown instanceof RetryableError ? thrown.usage : [];
}

/** Stamps an entry. */
export function stamp(state: RunState, entry: EntryBody, now: number): Entry {
  return { ...entry, at: timeIn(state, now) };
}

/** Time never runs backwards within a run. */
function timeIn(state: RunState, now: number): number {
  return Math.max(now, state.at);
}
