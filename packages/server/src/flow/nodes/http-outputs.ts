import type { JsonObject } from "@millrace/contract";
import { member } from "#flow/expression";
import type { FlowNode } from "#flow/model/graph";
import type { Variable } from "#flow/model/variable";
import { memberOrWhole, outputsOf } from "#flow/nodes/translated";

const STATUS_NAMES: ReadonlySet<string> = new Set(["statusCode", "status", "status_code"]);
const PARSED_KINDS: ReadonlySet<string> = new Set(["object", "array", "any"]);

export function readsStatus(node: FlowNode): boolean {
  return node.outputs.some(({ name }) => STATUS_NAMES.has(name));
}

/** `body`, the status and `headers` by name; any other output is that member of a JSON body. */
export function httpOutputs(node: FlowNode): JsonObject {
  const alone = node.outputs.length === 1;
  return outputsOf(node, ({ name }) => {
    if (STATUS_NAMES.has(name)) return "result.status";
    if (name === "body" || name === "headers") return `result.${name}`;
    return memberOrWhole("result.body", member("result.body", name), name, alone);
  });
}

/** The body is read as text where that is all that is asked for: parsed JSON written again would not be what was received. */
export function responseMember(node: FlowNode): { readonly response?: JsonObject } {
  const asText = node.outputs.some((output) => output.name === "body" && !PARSED_KINDS.has(output.type.kind));
  return asText && !node.outputs.some(isMember) ? { response: { as: "text" } } : {};
}

function isMember({ name }: Variable): boolean {
  return name !== "body" && name !== "headers" && !STATUS_NAMES.has(name);
}
