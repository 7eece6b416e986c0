import { isJsonObject, type Json, type JsonObject, toPointer } from "@millrace/contract";
import { Check, Errors } from "typebox/schema";
import { frameAt } from "#apply/spine";
import { TerminalError } from "#errors";
import { evaluate, scopeAt } from "#outcome/scope";
import type { CheckedMember, NodePlan } from "#plan/plan-types";
import type { Scope } from "#plan/scope";
import type { RunState } from "#state";

/** What an executor gets. */
export interface Prepared {
  readonly node: NodePlan;
  readonly config: JsonObject;
  readonly inputs: JsonObject;
}

/** Evaluates the node's inputs and config in its scope; `secrets`: the values that its credentials may read, by name. Throws ExpressionError, or TerminalError `type_error` where a value does not fit its member. */
export function prepare(state: RunState, path: string, secrets?: JsonObject): Prepared {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  if (!node) throw new Error(`no node at ${path}`);
  const around = scopeAt(state, path);
  const scope = withInputs(node, secrets ? { ...around, secrets } : around);
  const config = evaluate(node.config, scope) as JsonObject;
  for (const checked of node.checked) checkMember(node, checked, config[checked.member]);
  return { node, config, inputs: scope.inputs };
}

export function withInputs(node: NodePlan, scope: Scope): Scope {
  return node.inputs ? { ...scope, inputs: evaluate(node.inputs, scope) as JsonObject } : scope;
}

function checkMember(node: NodePlan, { member, schema, holdsMembers }: CheckedMember, value: Json | undefined): void {
  if (value === undefined || (holdsMembers && isJsonObject(value)) || Check(schema, value)) return;
  const [, [first]] = Errors(schema, value);
  throw new TerminalError(
    "type_error",
    `${node.id}.${member}${(first?.instancePath ?? "").replaceAll("/", ".")}: ${first?.message ?? "wrong type"}`,
    { field: toPointer([member]) },
  );
}
