import type { NativeNode } from "#flow/export/native";
import type { View } from "#flow/export/view";
import { ERROR_PORT, errorHandle, SUCCESS_PORT } from "#flow/handles";
import { objectOf } from "#flow/json";

/** The `sourceHandle` of the edges that leave a port. */
export function handleOf(node: NativeNode, port: string, view: View): string {
  const id = view.idOf(node);
  const known = view.kept.has(node) ? objectOf(node.flow["ports"])[port] : undefined;
  if (typeof known === "string") return known;
  if (port === ERROR_PORT) return errorHandle(id);
  return port === SUCCESS_PORT ? `source-${id}` : `source-${id}-${port}`;
}
