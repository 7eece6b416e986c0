import { isJsonObject, type Json } from "@millrace/contract";
import { isBlank, textOf } from "#flow/json";
import type { FlowNode } from "#flow/model/graph";
import type { LoopVariable } from "#flow/model/loop-variable";
import { quote } from "#flow/problems";
import { parseTriple } from "#flow/references";

/** The variable that an assignment sets, or why there is none. */
export type Target = { readonly loop: FlowNode; readonly variable: LoopVariable } | { readonly name: string; readonly fault: string };

/** What `leftValue` names: a variable by name, or by a reference to the loop that it belongs to. */
interface Wanted {
  readonly loopId: string | null;
  readonly name: string;
  readonly variableId: string | null;
}

/** The nearest LOOP around the node that has the variable (and the id, where a reference gives one), with no BATCH in between. */
export function findTarget(leftValue: Json | undefined, node: FlowNode): Target {
  const wanted = readLeft(leftValue);
  let acrossBatch = false;
  for (let loop = node.graph.container; loop; loop = loop.graph.container) {
    const variable = wanted.loopId === null || wanted.loopId === loop.id ? find(wanted, loop) : undefined;
    if (variable && acrossBatch) return fault(wanted, "lies outside a BATCH, whose items run side by side");
    if (variable) return { loop, variable };
    acrossBatch ||= loop.type === "BATCH";
  }
  return fault(wanted, "is an intermediate variable of no LOOP around this node");
}

function fault({ name }: Wanted, why: string): Target {
  return { name, fault: `${quote(name)} ${why}.` };
}

function find({ name, variableId }: Wanted, loop: FlowNode): LoopVariable | undefined {
  const { variablesById, variablesByName } = loop.loop;
  return (variableId === null ? undefined : variablesById.get(variableId)) ?? variablesByName.get(name);
}

function readLeft(leftValue: Json | undefined): Wanted {
  if (leftValue === undefined || !isJsonObject(leftValue)) return readText(textOf(leftValue));
  return isBlank(leftValue["value"]) ? readText(textOf(leftValue["name"])) : readText(textOf(leftValue["value"]));
}

function readText(text: string): Wanted {
  const triple = parseTriple(text);
  if (triple === null) return { loopId: null, name: text, variableId: null };
  return { loopId: triple.nodeId, name: triple.name, variableId: triple.variableId === "" ? null : triple.variableId };
}
