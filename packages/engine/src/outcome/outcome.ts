import type { Json, JsonObject } from "@millrace/contract";
import { loopVariable } from "#apply/assign";
import type { ContinueDirective, Directive } from "#directive";
import { TerminalError } from "#errors";
import type { EntryBody } from "#journal";
import { isDeeperThan, MAX_DEPTH } from "#json-size";
import { withInputs } from "#outcome/prepare";
import { evaluate, scopeAt } from "#outcome/scope";
import type { NodePlan } from "#plan/plan-types";
import type { RunState } from "#state";
import { convert, typeName } from "#value/types";

/** The entry that an executor's directive stands for, at `now`. Throws where the node's `outputs` cannot be made of its result. */
export function outcome(state: RunState, path: string, node: NodePlan, attempt: number, directive: Directive, now: number): EntryBody {
  switch (directive.verb) {
    case "continue":
      return finished(state, path, node, attempt, directive);
    case "finish":
      return { type: "node-finished", path, port: null, output: bounded(directive.output) };
    case "leave":
      return { type: "node-finished", path, port: null, output: bounded(directive.output ?? null), leave: directive.how };
    case "iterate":
      return { type: "node-started", path, attempt, iterate: directive };
    case "wait":
      if ("signal" in directive) return { type: "signal-awaited", path, name: directive.signal };
      // The moment is recorded: no replay computes it again.
      return { type: "timer-set", path, until: "until" in directive ? directive.until : now + directive.forMs };
    case "ask": {
      const { question, until, forMs } = directive;
      const moment = until ?? (forMs === undefined ? undefined : now + forMs);
      return { type: "question-asked", path, question, ...(moment !== undefined && { until: moment }) };
    }
    default:
      return directive satisfies never;
  }
}

function finished(state: RunState, path: string, node: NodePlan, attempt: number, directive: ContinueDirective): EntryBody {
  const port = directive.port ?? "out";
  if (!node.ports.includes(port)) throw new TerminalError("internal", `node ${node.id} has no port "${port}"`);
  const { logs, usage, cached } = directive;
  const assign = directive.assign && convertAssigned(state, path, node, directive.assign);
  return {
    type: "node-finished",
    path,
    port,
    output: bounded(declaredOutput(state, path, node, directive.output)),
    ...(assign && { assign }),
    ...(logs && logs.length > 0 && { logs }),
    ...(usage && usage.length > 0 && { usage, attempt }),
    ...(cached && { cached }),
  };
}

/** Values as the loop that declares each variable wants them. */
function convertAssigned(state: RunState, path: string, node: NodePlan, values: JsonObject): JsonObject {
  const fields = Object.entries(values).map(([name, value]): [string, Json] => {
    const type = loopVariable(state, path, name);
    const converted = convert(value, type);
    if (!converted.ok)
      throw new TerminalError("type_error", `${node.id}.assign.${name}: ${converted.message} (declared ${typeName(type)})`);
    return [name, converted.value];
  });
  return Object.fromEntries(fields);
}

/** With `outputs`: exactly those fields, converted to their types. Without: the result as it is. */
export function declaredOutput(state: RunState, path: string, node: NodePlan, result: JsonObject): JsonObject {
  if (!node.outputs) return result;
  const scope = { ...withInputs(node, scopeAt(state, path)), result };
  const fields = node.outputs.map(({ name, type, value }): [string, Json] => {
    const converted = convert(evaluate(value, scope), type);
    if (!converted.ok)
      throw new TerminalError("type_error", `${node.id}.outputs.${name}: ${converted.message} (declared ${typeName(type)})`);
    return [name, converted.value];
  });
  return Object.fromEntries(fields);
}

/** Throws where the value is nested deeper than a result may be. */
export function bounded<T extends Json>(value: T): T {
  if (isDeeperThan(value, MAX_DEPTH)) throw new TerminalError("limit_exceeded", `The result is nested deeper than ${MAX_DEPTH} levels.`);
  return value;
}
