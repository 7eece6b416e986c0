import type { Json, JsonObject, NodeEnvelope } from "@millrace/contract";
import type { NodeSpec, ResultShape } from "#node-spec";
import type { ValueType } from "#value/types";

/** A graph on its way to a plan: read, not yet compiled. Nodes that could not be read are left out. */
export interface GraphDraft {
  readonly depth: number;
  /** JSON pointer of the object that holds `nodes` and `edges`. */
  readonly at: string;
  /** The container around it. */
  readonly parent: NodeDraft | null;
  readonly nodes: NodeDraft[];
  readonly byId: Map<string, NodeDraft>;
  readonly edges: EdgeDraft[];
}

export interface NodeDraft {
  readonly graph: GraphDraft;
  readonly id: string;
  readonly at: string;
  readonly index: number;
  readonly envelope: NodeEnvelope;
  readonly config: JsonObject;
  readonly spec: NodeSpec;
  readonly ports: readonly string[];
  /** What others read of it: `outputs` where declared, else its type's result. */
  readonly shape: ResultShape;
  readonly variables: { readonly [name: string]: ValueType };
  body: GraphDraft | null;
  /** Indexes of the nodes with a path to this one; filled once the edges are known to be acyclic. */
  ancestors: ReadonlySet<number>;
}

export interface EdgeDraft {
  readonly from: NodeDraft;
  readonly port: string;
  readonly to: NodeDraft;
  readonly at: string;
}

/** The members of a node that are not envelope: its type's config. */
export function configOf(node: JsonObject, envelopeKeys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !envelopeKeys.has(key)) as [string, Json][]);
}

/** Is this node only a stand-in for one that could not be read? Then its ports and config say nothing. */
export function isStandIn(node: NodeDraft): boolean {
  return node.spec.version === 0;
}
