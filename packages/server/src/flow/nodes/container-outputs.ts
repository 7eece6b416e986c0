import type { Json, JsonObject } from "@millrace/contract";
import { ANY } from "@millrace/engine";
import { codeOf, configOf, type FlowValue, fieldName, member } from "#flow/expression";
import { isBlank, record } from "#flow/json";
import type { FlowGraph } from "#flow/model/graph";
import type { Variable } from "#flow/model/variable";
import { outputsOf } from "#flow/nodes/translated";
import { quote } from "#flow/problems";
import { parseTriple } from "#flow/references";
import { ValueReader } from "#flow/values";

/** What a container collects of each iteration, and its outputs over the result. */
export interface Collected {
  readonly collect: JsonObject | null;
  readonly outputs: JsonObject;
}

/**
 * Each output by the first rule that fits: a value of a body node; an intermediate variable; an input of the body's END (both arrays
 * have an element for each iteration); the number of iterations. Nothing fits: null, with a warning.
 */
export function collectOutputs(values: ValueReader, body: FlowGraph): Collected {
  const { node } = values;
  const collected: (readonly [string, Json])[] = [];
  const outputs = outputsOf(node, (output) => {
    const name = fieldName(output.name);
    const value = bodyValue(output, body, values);
    if (value) return collect(value);
    const variable = node.loop.variablesByName.get(output.name);
    if (variable) return member("result", variable.native);
    const ending = endValue(output.name, body, values);
    if (ending) return collect(ending);
    if (output.name === "count") return "result.count";
    values.translation.report(node, "MR_LOOP_OUTPUT", output.at, `Nothing in the body gives ${quote(output.name)}; it is null.`);
    return null;

    function collect(element: FlowValue): string {
      collected.push([name, configOf(element)]);
      return `result.items.map(i => ${member("i", name)})`;
    }
  });
  return { collect: collected.length === 0 ? null : record(collected), outputs };
}

/** Rule 1: the output says itself which value of a body node it gathers. It is read when the iteration is complete. */
function bodyValue(output: Variable, body: FlowGraph, values: ValueReader): FlowValue | null {
  const { source, value } = output.raw;
  if (typeof value !== "string" || (!isBlank(source) && source !== "NODE")) return null;
  const triple = parseTriple(value);
  if (triple === null || !body.byId.has(triple.nodeId)) return null;
  return new ValueReader(values.node, values.translation, { graph: body, node: null }).reference(value, `${output.at}.value`);
}

/** Rule 3: what the body's END names so. Of several ENDs the first whose value is not null counts. */
function endValue(name: string, body: FlowGraph, values: ValueReader): FlowValue | null {
  const found = body.nodes.flatMap((end) => {
    const input = end.type === "END" && !end.dead ? end.inputsByName.get(name) : undefined;
    return input ? [new ValueReader(end, values.translation).declared(input)] : [];
  });
  const [only] = found;
  if (only === undefined || found.length === 1) return only ?? null;
  return coalesced(found);
}

function coalesced(values: readonly FlowValue[]): FlowValue {
  return { code: `coalesce(${values.map(codeOf).join(", ")})`, type: ANY };
}
