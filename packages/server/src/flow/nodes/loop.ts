import type { Json, JsonObject } from "@millrace/contract";
import { INTEGER } from "@millrace/engine";
import type { TranslateGraph } from "#flow/bodies";
import { configOf, convertTo, type FlowValue } from "#flow/expression";
import { isBlank, listOf, record } from "#flow/json";
import { containerMembers, zippedItems } from "#flow/nodes/container";
import type { Translated } from "#flow/nodes/translated";
import { isTemplate, templateCode, textOrReference } from "#flow/templates";
import { typeMember } from "#flow/types";
import type { ValueReader } from "#flow/values";

/** One iteration after another: over arrays, or a number of times. */
export function translateLoop(values: ValueReader, translateGraph: TranslateGraph): Translated {
  const { bodyFlow, outputs, config } = containerMembers(values, translateGraph);
  const times = isLimited(values.node.param) ? { count: countOf(values) } : { items: zippedItems(values) };
  return { type: "loop", config: { ...times, ...variablesOf(values), ...config }, outputs, bodyFlow };
}

function isLimited(param: JsonObject): boolean {
  const type = param["loopType"];
  if (type === "ARRAY_BASED" || type === "LIMITED_LOOP") return type === "LIMITED_LOOP";
  return listOf(param["inputArrays"]).length === 0;
}

/** How often: what is not a whole number ≥ 0 is left to fail when the loop is reached. */
function countOf(values: ValueReader): Json {
  const count = values.node.param["limitedLoopCount"];
  const at = `${values.node.paramAt}.limitedLoopCount`;
  const read = convertTo(isBlank(count) ? { literal: null } : countValue(count, at, values), INTEGER);
  const counts = "literal" in read && typeof read.literal === "number" && read.literal >= 0;
  return counts || "code" in read ? configOf(read) : `{{ ${String(read.literal)} }}`;
}

function countValue(count: Json | undefined, at: string, values: ValueReader): FlowValue {
  const read = textOrReference(count, at, values);
  if (!isTemplate(read)) return read;
  const [only] = read;
  // A number written as text, or a single value: no text in between that would lose what it is.
  if (read.length === 1 && only) return "text" in only ? { literal: only.text } : only.value;
  return { code: templateCode(read), type: { kind: "string" } };
}

function variablesOf(values: ValueReader): { readonly variables?: JsonObject } {
  const { variables } = values.node.loop;
  if (variables.length === 0) return {};
  return {
    variables: record(
      variables.map(({ native, type, declared }) => [native, { ...typeMember(type), value: configOf(values.declared(declared)) }]),
    ),
  };
}
