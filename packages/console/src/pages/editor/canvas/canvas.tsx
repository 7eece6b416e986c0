import {
  Background,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  type OnConnectEnd,
  type OnConnectStart,
  ReactFlow,
  SelectionMode,
  type Viewport,
} from "@xyflow/react";
import { type ReactNode, useCallback, useMemo, useState, useSyncExternalStore } from "react";
import { SHORTCUTS } from "#app/shortcuts.ts";
import { Decorator } from "#pages/editor/canvas/decorate.ts";
import { ContainerNode, NoteNode, StepNode } from "#pages/editor/canvas/nodes.tsx";
import { useCanvas } from "#pages/editor/canvas/overlay.ts";
import { WayEdge } from "#pages/editor/canvas/way-edge.tsx";
import type { EdgeParts } from "#pages/editor/model/document.ts";
import type { Point } from "#pages/editor/model/placing.ts";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import type { CanvasEdge, CanvasNode, Drawing } from "#pages/editor/projection.ts";
import { useText } from "#pages/editor/text.ts";
import "#pages/editor/canvas/canvas.css";

const NODE_TYPES = { step: StepNode, container: ContainerNode, note: NoteNode };
const EDGE_TYPES = { way: WayEdge };

/** A picture of a graph is best whole. */
const WHOLE_VIEW = { padding: 0.05, maxZoom: 1, minZoom: 0.15 };
const NO_ATTRIBUTION = { hideAttribution: true };

/** From here on only what is on the screen is in the page. */
const MANY_NODES = 120;

/** What a canvas lets people do; without it a graph is a picture that can be moved about. */
export interface CanvasEditing {
  readonly onPlace: (points: ReadonlyMap<string, Point>) => void;
  readonly onConnect: (edge: EdgeParts) => void;
  readonly mayConnect: (edge: EdgeParts) => boolean;
  readonly onConnectStart?: OnConnectStart;
  readonly onConnectEnd?: OnConnectEnd;
  readonly selectedEdges: ReadonlySet<string>;
  readonly onSelectEdges: (ids: ReadonlySet<string>) => void;
  /** Dragging on the pane draws a box instead of moving the view. */
  readonly selects: boolean;
}

/** How a graph is first seen, where that is not as a whole. */
export interface View {
  readonly viewport: Viewport;
  /** All of it is on the screen: a finger on it moves the page. */
  readonly whole: boolean;
}

interface CanvasProps {
  readonly drawing: Drawing;
  readonly label: string;
  readonly selection: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onNodeClick?: (id: string) => void;
  readonly onPaneClick?: () => void;
  readonly editing?: CanvasEditing;
  readonly view?: View | undefined;
  readonly minimap?: boolean;
  readonly children?: ReactNode;
}

export function Canvas(props: CanvasProps) {
  const { drawing, label, selection, onSelect, onNodeClick, onPaneClick, editing, view, minimap = false, children } = props;
  const t = useText();
  const [moved, setMoved] = useState<ReadonlyMap<string, Point>>(new Map());
  const nodes = useDecorated(drawing, selection, moved);
  const edges = useMemo(() => selectedEdges(drawing.edges, editing?.selectedEdges), [drawing.edges, editing?.selectedEdges]);
  const isEditing = editing !== undefined;
  const changed = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const chosen = afterChanges(selection, changes);
      if (chosen) onSelect(chosen);
      const drags = changes.filter((change) => change.type === "position" && change.position !== undefined);
      if (isEditing && drags.length > 0) setMoved((before) => withMoves(before, drags));
    },
    [selection, onSelect, isEditing],
  );
  // The library tells every node and edge of each property that is another one: they are the same ones while somebody writes.
  const behaviour = useMemo(() => behaviourOf(editing, setMoved), [editing]);
  const clicks = useMemo(
    () => ({
      ...(onNodeClick && { onNodeClick: (_event: unknown, { id }: CanvasNode) => onNodeClick(id) }),
      ...(onPaneClick && { onPaneClick: () => onPaneClick() }),
    }),
    [onNodeClick, onPaneClick],
  );
  return (
    <ReactFlow<CanvasNode, CanvasEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      aria-label={label}
      ariaLabelConfig={useMemo(() => libraryTexts(t), [t])}
      {...firstView(view)}
      minZoom={0.1}
      maxZoom={2}
      onlyRenderVisibleElements={drawing.nodes.length > MANY_NODES}
      onNodesChange={changed}
      {...clicks}
      {...behaviour}
      proOptions={NO_ATTRIBUTION}
    >
      <Background gap={20} size={1.5} />
      {minimap && <MiniMap pannable zoomable ariaLabel={t("minimap")} className="rounded-md border border-line" />}
      {children}
    </ReactFlow>
  );
}

function firstView(view: View | undefined) {
  if (!view) return { fitView: true, fitViewOptions: WHOLE_VIEW };
  return { defaultViewport: view.viewport, panOnDrag: !view.whole, preventScrolling: !view.whole };
}

/** How the library is to behave: our own keys, no deletions of its own. */
function behaviourOf(editing: CanvasEditing | undefined, setMoved: (moved: ReadonlyMap<string, Point>) => void) {
  const dropped = (dragged: readonly CanvasNode[]) => {
    editing?.onPlace(new Map(dragged.map(({ id, position }) => [id, position])));
    setMoved(new Map());
  };
  const keys = {
    deleteKeyCode: null,
    disableKeyboardA11y: true,
    edgesFocusable: false,
    panActivationKeyCode: SHORTCUTS["editor.pan"].keys[0],
    multiSelectionKeyCode: ["Meta", "Control", "Shift"],
  };
  if (!editing) return { ...keys, nodesDraggable: false, nodesConnectable: false, elementsSelectable: true };
  return {
    ...keys,
    snapToGrid: true,
    snapGrid: [10, 10] as [number, number],
    connectOnClick: false,
    connectionRadius: 28,
    isValidConnection: (given: CanvasEdge | { source: string; sourceHandle?: string | null; target: string }) =>
      editing.mayConnect(partsOf(given)),
    onConnect: (given: { source: string; sourceHandle: string | null; target: string }) => editing.onConnect(partsOf(given)),
    ...(editing.onConnectStart && { onConnectStart: editing.onConnectStart }),
    ...(editing.onConnectEnd && { onConnectEnd: editing.onConnectEnd }),
    onNodeDragStop: (_event: unknown, _node: CanvasNode, nodes: CanvasNode[]) => dropped(nodes),
    onSelectionDragStop: (_event: unknown, nodes: CanvasNode[]) => dropped(nodes),
    onEdgesChange: (changes: EdgeChange<CanvasEdge>[]) => {
      const chosen = afterChanges(editing.selectedEdges, changes);
      if (chosen) editing.onSelectEdges(chosen);
    },
    selectionOnDrag: editing.selects,
    panOnDrag: editing.selects ? [1, 2] : true,
    selectionMode: SelectionMode.Partial,
    zoomOnDoubleClick: false,
  };
}

function partsOf({ source, sourceHandle, target }: { source: string; sourceHandle?: string | null; target: string }): EdgeParts {
  return { from: source, port: sourceHandle ?? "out", to: target };
}

function useDecorated(drawing: Drawing, selection: ReadonlySet<string>, moved: ReadonlyMap<string, Point>): CanvasNode[] {
  const t = useText();
  const texts = useNodeTexts();
  const { overlay } = useCanvas();
  const data = useSyncExternalStore(overlay.subscribe, overlay.get);
  const [decorator] = useState(() => new Decorator());
  return useMemo(() => {
    const labelOf = ({ id, data: { node } }: CanvasNode) => {
      const state = data.states.get(id);
      const problems = data.problems.get(id);
      const mark = data.marks.get(id);
      return [
        node.name ?? id,
        texts.title(node.type),
        ...(state ? [t(`state.${state.status}`)] : []),
        ...(mark ? [t(`mark.${mark}`)] : []),
        t("problems.count", { count: (problems?.errors ?? 0) + (problems?.warnings ?? 0) }),
      ].join(", ");
    };
    return decorator.decorate(drawing.nodes, (node) => ({
      label: labelOf(node),
      selected: selection.has(node.id),
      moved: moved.get(node.id),
    }));
  }, [decorator, drawing.nodes, selection, moved, data, texts, t]);
}

/** The selection after the library's changes; null where they are about other things. */
function afterChanges(selection: ReadonlySet<string>, changes: readonly { readonly type: string }[]): ReadonlySet<string> | null {
  const selects = changes.filter((change): change is { type: "select"; id: string; selected: boolean } => change.type === "select");
  if (selects.length === 0) return null;
  const next = new Set(selection);
  for (const { id, selected } of selects) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  return next;
}

function withMoves(moved: ReadonlyMap<string, Point>, changes: readonly NodeChange<CanvasNode>[]): ReadonlyMap<string, Point> {
  const next = new Map(moved);
  for (const change of changes) if (change.type === "position" && change.position) next.set(change.id, change.position);
  return next;
}

function selectedEdges(edges: readonly CanvasEdge[], selected: ReadonlySet<string> | undefined): CanvasEdge[] {
  if (!selected || selected.size === 0) return [...edges];
  return edges.map((edge) => (selected.has(edge.id) ? { ...edge, selected: true } : edge));
}

function libraryTexts(t: ReturnType<typeof useText>) {
  return {
    "node.a11yDescription.default": t("canvas.node"),
    "node.a11yDescription.keyboardDisabled": t("canvas.node"),
    "node.a11yDescription.ariaLiveMessage": () => t("canvas.moved"),
    "edge.a11yDescription.default": t("canvas.edge"),
    "minimap.ariaLabel": t("minimap"),
    "handle.ariaLabel": t("canvas.handle"),
  };
}
