import type { JsonObject } from "@millrace/contract";
import type { Ports } from "#flow/handles";
import type { Bits } from "#flow/model/bits";
import type { Fields } from "#flow/model/field";
import type { LoopVariables } from "#flow/model/loop-variable";
import type { Reach } from "#flow/model/reach";
import type { Variable } from "#flow/model/variable";
import type { FlowNodeType } from "#flow/vendor";

/** A graph of a file without faults: the workflow's own, or the body of a LOOP or BATCH. */
export interface FlowGraph {
  readonly raw: JsonObject;
  readonly at: string;
  /** The node whose body it is. */
  readonly container: FlowNode | null;
  readonly nodes: readonly FlowNode[];
  readonly byId: ReadonlyMap<string, FlowNode>;
  readonly byName: ReadonlyMap<string, FlowNode>;
  readonly edges: readonly FlowEdge[];
  /** Over the edges that can be taken. */
  reach: Reach;
  /** Nodes with a path to the node at each place over any edges: what it may refer to. */
  upstream: readonly Bits[];
}

export interface FlowNode {
  readonly raw: JsonObject;
  readonly at: string;
  readonly graph: FlowGraph;
  /** Place in the graph's `workflowNodes`. */
  readonly index: number;
  /** The vendor's id, a number as its digits. */
  readonly id: string;
  readonly name: string;
  readonly type: FlowNodeType;
  /** `<type>Param`; empty where the type or the node has none. */
  readonly param: JsonObject;
  readonly paramAt: string;
  readonly inputs: readonly Variable[];
  readonly inputsByName: ReadonlyMap<string, Variable>;
  readonly outputs: readonly Variable[];
  /** Branches of CONDITION and INTENT. */
  readonly ports: Ports | null;
  /** Variables of LOOP and BATCH; none elsewhere. */
  loop: LoopVariables;
  body: FlowGraph | null;
  nativeId: string;
  /** No edge that can be taken leads here: the node never runs. */
  dead: boolean;
  /** What others read of it. */
  fields: Fields;
  /** What its body reads of it: the current item and its variables. */
  frame: Fields;
}

export interface FlowEdge {
  readonly raw: JsonObject;
  readonly at: string;
  /** Place in `workflowEdges`. */
  readonly index: number;
  readonly source: FlowNode;
  readonly target: FlowNode;
  readonly handle: string;
  /** The native port; null: the edge can never be taken. */
  port: string | null;
}
