import type { JsonObject } from "@millrace/contract";
import { omit, record } from "#flow/json";
import { type FlowNodeType, paramNameOf } from "#flow/vendor";

const FILE = ["formatVersion", "exportType", "exportTime", "name", "botType", "logo", "introduction"];
const FILE_END = ["workflow", "millrace"];
const NODE = ["id", "name", "type", "x", "y", "desc", "inputs", "outputs"];

/** The members of a file in the order in which files are written; unknown ones as they were read. */
export function inFileOrder(file: JsonObject): JsonObject {
  return inOrder(file, FILE, FILE_END);
}

/** The members of a node in the order in which files are written; unknown ones as they were read. */
export function inNodeOrder(node: JsonObject, type: FlowNodeType): JsonObject {
  const param = paramNameOf(type);
  return inOrder(node, [...NODE, ...(param === null ? [] : [param]), "subWorkflow"], ["millrace"]);
}

function inOrder(object: JsonObject, first: readonly string[], last: readonly string[]): JsonObject {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => (Object.hasOwn(object, name) ? [[name, object[name] ?? null] as const] : []));
  return record([...named(first), ...Object.entries(omit(object, new Set([...first, ...last]))), ...named(last)]);
}
