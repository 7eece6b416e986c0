import { type Command, draftAnswer, type EntryBody, type ExecuteCommand, prepare, settled } from "@millrace/engine";
import type { Executor } from "@millrace/nodes";
import type { RunRecord } from "#runtime/attempts/run-record";

type Executors = ReadonlyMap<string, Executor>;

/** What follows at once: from the state alone, from a pure node, or from what a draft's run was given. null: nothing does. */
export function dueNow(record: RunRecord, executors: Executors, commands: readonly Command[]): EntryBody | null {
  const given = givenByDraft(record, commands);
  if (given) return given;
  const [first] = commands;
  if (first?.do === "record") return first.entry;
  return first?.do === "execute" && first.node.spec.effect === "none" ? executePure(record, executors, first) : null;
}

function givenByDraft({ state }: RunRecord, commands: readonly Command[]): EntryBody | null {
  if (!state.run.draft) return null;
  for (const command of commands) {
    const entry = command.do === "execute" ? draftAnswer(state, command, state.at) : null;
    if (entry) return entry;
  }
  return null;
}

function executePure(record: RunRecord, executors: Executors, command: ExecuteCommand): EntryBody {
  const { state } = record;
  try {
    const executor = executors.get(command.node.type);
    if (executor?.effect !== "none") throw new Error(`no pure executor for ${command.node.type}`);
    const prepared = prepare(state, command.path);
    return settled(state, command, executor.run(prepared.config, record.context(command, prepared)), state.at);
  } catch (thrown) {
    return record.failure(command, thrown, state.at);
  }
}
