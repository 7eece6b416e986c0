import { LIMITS } from "@millrace/contract";
import {
  type EntryBody,
  type ExecuteCommand,
  failed,
  type RecordedStep,
  RetryableError,
  type RunState,
  settled,
  TerminalError,
} from "@millrace/engine";
import type { Message, Reply, Settled } from "#runtime/restate/words";

// What follows for a run from what came to it: from the state and the words alone, so that every life of it comes to the same.

interface Answered {
  readonly reply: Reply;
  /** Absent: nothing is recorded of it. */
  readonly entry?: EntryBody;
}

/** The entry of something that an attempt has done, and that no other one is to do again. */
export function stepEntry({ path, attempt }: ExecuteCommand, { step, output, usage }: RecordedStep): EntryBody {
  return { type: "step-recorded", path, attempt, step, output, ...(usage.length > 0 && { usage }) };
}

/** The entry of an attempt that has come to something. */
export function entryOf(state: RunState, command: ExecuteCommand, outcome: Settled): EntryBody {
  const { at, usage } = outcome;
  if ("error" in outcome) {
    const { type, message, retryable, retryAfterMs } = outcome.error;
    const options = retryAfterMs === undefined ? {} : { retryAfterMs };
    return failed(state, command, retryable ? new RetryableError(type, message, options) : new TerminalError(type, message), at, usage);
  }
  const { directive } = outcome;
  return settled(state, command, directive.verb === "continue" && usage.length > 0 ? { ...directive, usage } : directive, at);
}

/** What becomes of something that somebody asks. */
export function answerTo(state: RunState, message: Message): Answered {
  if (state.failure || state.finished) return { reply: "closed" };
  switch (message.ask) {
    case "cancel":
      return { reply: "taken", entry: { type: "run-cancelled", ...(message.reason !== undefined && { reason: message.reason }) } };
    case "turn":
      return { reply: "taken" };
    case "signal": {
      if (state.signals.kept.length >= LIMITS.signalsKept.value) return { reply: "full" };
      const { name, value, id } = message;
      return { reply: "taken", entry: { type: "signal-received", name, value, ...(id !== undefined && { id }) } };
    }
    case "answer":
      return answered(state, message);
    default:
      return message satisfies never;
  }
}

function answered(state: RunState, { seq, answer, at }: Extract<Message, { ask: "answer" }>): Answered {
  const open = state.active.find((one) => one.active === "question" && one.seq === seq);
  if (open?.active !== "question") return { reply: "closed" };
  const { path, until, answers } = open;
  if (answers.some(({ person }) => person === answer.person)) return { reply: "before" };
  // Its time is over, and the answer was quicker than the timer.
  if (until !== null && at >= until) return { reply: "closed", entry: { type: "timer-fired", path, timer: "answer" } };
  return { reply: "taken", entry: { type: "question-answered", path, answer } };
}
