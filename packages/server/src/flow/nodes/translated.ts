import type { Json, JsonObject } from "@millrace/contract";
import { fieldName, stringCode } from "#flow/expression";
import { record } from "#flow/json";
import type { FlowNode } from "#flow/model/graph";
import type { Variable } from "#flow/model/variable";
import { typeMember } from "#flow/types";
import type { ValueReader } from "#flow/values";

/** A vendor node as a native one; what every node has alike (id, name, position, flow) is added elsewhere. */
export interface Translated {
  readonly type: string;
  readonly config?: { readonly [member: string]: Json };
  /** The envelope's `outputs`; absent: the node keeps its type's own result fields, which no vendor file can name. */
  readonly outputs?: JsonObject;
  /** False: the node's `inputs` have another place in its config. */
  readonly withInputs?: boolean;
  /** Longest time of one attempt, where the vendor's format says it. */
  readonly timeoutMs?: number;
  /** What export needs of a container's body. */
  readonly bodyFlow?: JsonObject;
}

export type Translator = (values: ValueReader) => Translated;

/** Every declared output with its type and its value over `result`; null: nothing fills it. */
export function outputsOf(node: FlowNode, codeFor: (output: Variable) => string | null): JsonObject {
  return record(
    node.outputs.map((output) => [fieldName(output.name), { ...typeMember(output.type), value: `{{ ${codeFor(output) ?? "null"} }}` }]),
  );
}

/** For nodes that produce nothing: outputs that a file declares all the same are null. */
export function emptyOutputs(node: FlowNode): { readonly outputs?: JsonObject } {
  return node.outputs.length === 0 ? {} : { outputs: outputsOf(node, () => null) };
}

/** The first declared output that fits, in the order of the file. */
export function firstOutput(node: FlowNode, fits: (output: Variable) => boolean): Variable | undefined {
  return node.outputs.find(fits);
}

export function isString({ type }: Variable): boolean {
  return type.kind === "string";
}

export function isFile({ type }: Variable): boolean {
  return type.kind === "file";
}

/** Is it an array whose elements are of that kind? */
export function isArrayOf({ type }: Variable, kind: string): boolean {
  return type.kind === "array" && type.items.kind === kind;
}

/** `name` of the object that `object` gives; where the node has no other output, the whole of it when the name is missing. */
export function memberOrWhole(object: string, memberCode: string, name: string, alone: boolean): string {
  return alone ? `has(${object}, ${stringCode(name)}) ? ${memberCode} : ${object}` : memberCode;
}
