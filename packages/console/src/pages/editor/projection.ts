import type { WorkflowDocument, WorkflowNode } from "@millrace/contract";
import { type Edge as FlowEdge, type Node as FlowNode, MarkerType, Position } from "@xyflow/react";
import { bodyOf, type Containers, edgeKey, edgeParts, graphAt, portsOf } from "#pages/editor/model/document.ts";
import { type Box, type Flow, PORT_HEIGHT, placedAt, type Size, TITLE_HEIGHT } from "#pages/editor/model/placing.ts";

// A document as the canvas library wants it. What did not change is the same object as before, so that only what changed is drawn anew.

export interface NodeData extends Record<string, unknown> {
  readonly node: WorkflowNode;
  readonly ports: readonly string[];
  /** A container, with how many nodes it holds. */
  readonly held: number | null;
  readonly flow: Flow;
}

export type CanvasNode = FlowNode<NodeData>;

export interface EdgeData extends Record<string, unknown> {
  readonly from: string;
  readonly port: string;
  readonly to: string;
  readonly containers: Containers;
}

export type CanvasEdge = FlowEdge<EdgeData>;

export interface Drawing {
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly CanvasEdge[];
}

const HANDLE = 12;

/** x of the middle of a port's handle, where the graph runs downwards. */
export function portX(index: number, count: number, width: number): number {
  return (width * (index + 1)) / (count + 1);
}

/** y of the middle of a port's handle. */
export function portY(index: number, count: number): number {
  return count > 1 ? TITLE_HEIGHT + PORT_HEIGHT * index + PORT_HEIGHT / 2 - 4 : TITLE_HEIGHT / 2;
}

/** Draws documents one after the other, and gives the same objects for what stayed the same. */
export class Projector {
  #nodes = new Map<string, CanvasNode>();
  #edges = new Map<string, CanvasEdge>();
  #drawing: Drawing = { nodes: [], edges: [] };
  readonly #flow: Flow;

  constructor(flow: Flow = "right") {
    this.#flow = flow;
  }

  draw(document: WorkflowDocument): Drawing {
    const nodes = new Map<string, CanvasNode>();
    const edges = new Map<string, CanvasEdge>();
    this.#graph(document, [], nodes, edges);
    this.#nodes = nodes;
    this.#edges = edges;
    this.#drawing = { nodes: kept(this.#drawing.nodes, nodes), edges: kept(this.#drawing.edges, edges) };
    return this.#drawing;
  }

  #graph(document: WorkflowDocument, containers: Containers, nodes: Map<string, CanvasNode>, edges: Map<string, CanvasEdge>): void {
    const graph = graphAt(document, containers);
    if (!graph) return;
    const { boxes } = placedAt(document, containers, this.#flow);
    for (const node of graph.nodes) {
      const box = boxes.get(node.id);
      if (!box || nodes.has(node.id)) continue;
      nodes.set(node.id, this.#node(node, box, containers));
      if (bodyOf(node)) this.#graph(document, [...containers, node.id], nodes, edges);
    }
    for (const edge of graph.edges) {
      const parts = edgeParts(edge);
      if (!parts || !boxes.has(parts.from) || !boxes.has(parts.to)) continue;
      const id = [...containers, edgeKey(parts)].join("/");
      edges.set(id, this.#edges.get(id) ?? edgeFor(id, parts, containers));
    }
  }

  #node(node: WorkflowNode, box: Box, containers: Containers): CanvasNode {
    const before = this.#nodes.get(node.id);
    const parentId = containers.at(-1);
    const same =
      before?.data.node === node &&
      before.parentId === parentId &&
      before.position.x === box.x &&
      before.position.y === box.y &&
      before.width === box.width &&
      before.height === box.height;
    return same ? before : nodeFor(node, box, parentId, this.#flow);
  }
}

/** The former list where nothing of it changed. */
function kept<Item>(before: readonly Item[], now: ReadonlyMap<string, Item>): readonly Item[] {
  const items = [...now.values()];
  return items.length === before.length && items.every((item, index) => item === before[index]) ? before : items;
}

function nodeFor(node: WorkflowNode, { x, y, width, height }: Box, parentId: string | undefined, flow: Flow): CanvasNode {
  const ports = portsOf(node);
  const body = bodyOf(node);
  return {
    id: node.id,
    type: node.type === "comment" ? "note" : body ? "container" : "step",
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: node.type === "comment" ? [] : HANDLES[flow](node, ports, { width, height }),
    ...(parentId !== undefined && { parentId, extent: "parent" as const, expandParent: false }),
    data: { node, ports, held: body ? body.nodes.length : null, flow },
  };
}

type Handles = NonNullable<FlowNode["handles"]>;

const HANDLES = { right: handlesRight, down: handlesDown };

function handleAt(x: number, y: number) {
  return { x: x - HANDLE / 2, y: y - HANDLE / 2, width: HANDLE, height: HANDLE };
}

function handlesRight(node: WorkflowNode, ports: readonly string[], { width }: Size): Handles {
  const entrance = { id: "in", type: "target" as const, position: Position.Left, ...handleAt(0, TITLE_HEIGHT / 2) };
  const exits = ports.map((port, index) => ({
    id: port,
    type: "source" as const,
    position: Position.Right,
    ...handleAt(width, portY(index, ports.length)),
  }));
  return node.type === "start" ? exits : [entrance, ...exits];
}

function handlesDown(node: WorkflowNode, ports: readonly string[], { width, height }: Size): Handles {
  const entrance = { id: "in", type: "target" as const, position: Position.Top, ...handleAt(width / 2, 0) };
  const exits = ports.map((port, index) => ({
    id: port,
    type: "source" as const,
    position: Position.Bottom,
    ...handleAt(portX(index, ports.length, width), height),
  }));
  return node.type === "start" ? exits : [entrance, ...exits];
}

function edgeFor(id: string, { from, port, to }: { from: string; port: string; to: string }, containers: Containers): CanvasEdge {
  return {
    id,
    type: "way",
    // The line has a button in it: no picture.
    ariaRole: "group",
    source: from,
    sourceHandle: port,
    target: to,
    targetHandle: "in",
    // Above the container that it lies in.
    zIndex: containers.length,
    markerEnd: { type: MarkerType.ArrowClosed, color: "var(--line-strong)", width: 16, height: 16 },
    data: { from, port, to, containers },
  };
}
