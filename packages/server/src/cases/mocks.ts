import type { ItemMock, Json, JsonObject, Mock, Mocks } from "@millrace/contract";
import type { GraphPlan, NodePlan } from "@millrace/engine";
import { holds } from "#cases/match";

/** What stands in for one attempt. */
export type StandIn =
  | { readonly do: "answer"; readonly output: JsonObject; readonly port?: string }
  | { readonly do: "fail"; readonly type: string; readonly message?: string; readonly retryable?: boolean; readonly retryAfterMs?: number }
  /** Nothing does: the node runs, and its models may be mocked. */
  | { readonly do: "run" };

/** Where a node stands among the items of the containers around it, outermost first. */
export interface ItemPlace {
  readonly index: number;
  readonly item: Json;
}

/** The node that a name in a test file means: its id, or its name where only one node has it. */
export function findNode(graph: GraphPlan, name: string): NodePlan | null {
  const nodes = allNodes(graph);
  const named = nodes.filter((node) => node.name === name);
  return nodes.find(({ id }) => id === name) ?? (named.length === 1 ? (named[0] ?? null) : null);
}

/** Of the graph and of the bodies in it, in the order of the document. */
export function allNodes(graph: GraphPlan): readonly NodePlan[] {
  return graph.nodes.flatMap((node) => [node, ...(node.container ? allNodes(node.container.body) : [])]);
}

/** By the ids of their nodes. */
export function mockedNodes(graph: GraphPlan, mocks: Mocks): ReadonlyMap<string, Mock> {
  return new Map(
    Object.entries(mocks).flatMap(([name, mock]) => {
      const node = findNode(graph, name);
      return node ? [[node.id, mock] as const] : [];
    }),
  );
}

/** The row of `perItem` that is for this item, else the mock of the node. */
export function mockFor(mock: Mock, place: ItemPlace | null): Mock {
  if (!place || !mock.perItem) return mock;
  const row = mock.perItem.find((each, at) => isFor(each, at, place));
  return row ?? mock;
}

function isFor({ index, item }: ItemMock, at: number, place: ItemPlace): boolean {
  if (index === undefined && item === undefined) return at === place.index;
  return (index === undefined || index === place.index) && (item === undefined || holds(item as Json, place.item));
}

/** `nth`: attempts of the node before this one. */
export function standIn({ fail, output, port }: Mock, nth: number): StandIn {
  const failure = typeof fail === "string" ? fail : fail?.[nth];
  if (failure !== undefined) return { do: "fail", ...(typeof failure === "string" ? { type: failure } : failure) };
  if (output === undefined && port === undefined) return { do: "run" };
  return { do: "answer", output: (output ?? {}) as JsonObject, ...(port !== undefined && { port }) };
}
