import type { Json, JsonObject } from "@millrace/contract";
import type { TranslateGraph } from "#flow/bodies";
import { codeOf } from "#flow/expression";
import { collectOutputs } from "#flow/nodes/container-outputs";
import type { ValueReader } from "#flow/values";

/** What LOOP and BATCH have alike. */
export interface ContainerMembers {
  readonly config: { readonly [member: string]: Json };
  readonly outputs: JsonObject;
  readonly bodyFlow: JsonObject;
}

export function containerMembers(values: ValueReader, translateGraph: TranslateGraph): ContainerMembers {
  const { body } = values.node;
  if (body === null) throw new TypeError("A LOOP or BATCH without faults has a body.");
  const { collect, outputs } = collectOutputs(values, body);
  const { nodes, edges, flow } = translateGraph(body);
  return { config: { ...(collect === null ? {} : { collect }), body: { nodes, edges } }, outputs, bodyFlow: flow };
}

/** The arrays side by side, as long as the shortest: one object an item, with the current element of each. No arrays: no items. */
export function zippedItems(values: ValueReader): Json {
  const { items } = values.node.loop;
  if (items.length === 0) return [];
  const arrays = items.map(({ native, declared }) => `${native}: ${codeOf(values.declared(declared))}`);
  return `{{ zip({ ${arrays.join(", ")} }) }}`;
}
