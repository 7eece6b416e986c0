import type { Json, JsonObject } from "@millrace/contract";
import { frameAt, JournalMismatch } from "#apply/spine";
import { TIMEOUT_PORT } from "#directive";
import type { NodeFinished } from "#journal";
import { declaredOutput } from "#outcome/outcome";
import type { GivenAnswer, RunState } from "#state";

/** The entry that ends a wait: its timer fired at `at`, or a signal came with a value. */
export function finishWait(state: RunState, path: string, at: number, value: Json | undefined): NodeFinished {
  return finish(state, path, "out", value === undefined ? { firedAt: at } : { value, receivedAt: at });
}

/** The entry that ends a question: the last answer is the one that counts; without any, its time was over at `at`. */
export function finishQuestion(state: RunState, path: string, at: number, answers: readonly GivenAnswer[]): NodeFinished {
  const given = answers.map(({ action, form, comment, by, at }) => ({ action, form, comment, by, at }));
  const last = given.at(-1) ?? { action: TIMEOUT_PORT, form: {}, comment: null, by: null, at };
  return finish(state, path, last.action, { ...last, answers: given });
}

function finish(state: RunState, path: string, port: string, result: JsonObject): NodeFinished {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  if (!node) throw new JournalMismatch(`no node at ${path}`);
  return { type: "node-finished", path, port, output: declaredOutput(state, path, node, result) };
}
