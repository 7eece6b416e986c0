import type { WorkflowDocument } from "@millrace/contract";
import { type OnConnectEnd, Panel, useReactFlow } from "@xyflow/react";
import { Hand, Map as MapIcon, Maximize, Minus, MousePointer2, Network, Plus } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useCallback, useEffect, useMemo, useState } from "react";
import { isComposing } from "#app/shortcuts.ts";
import { join, place, tidy } from "#pages/editor/actions.ts";
import { Canvas, type CanvasEditing, type View } from "#pages/editor/canvas/canvas.tsx";
import { editedView } from "#pages/editor/canvas/first-view.ts";
import { CanvasContext, type Overlay } from "#pages/editor/canvas/overlay.ts";
import { useLinks } from "#pages/editor/canvas/use-links.ts";
import { useEditor, useStore } from "#pages/editor/context.ts";
import type { EditorUi } from "#pages/editor/editor-ui.ts";
import type { EdgeParts } from "#pages/editor/model/document.ts";
import { type Refusal, refusal } from "#pages/editor/model/targets.ts";
import { NODE_DRAG } from "#pages/editor/palette.tsx";
import { Projector } from "#pages/editor/projection.ts";
import { useText } from "#pages/editor/text.ts";
import { IconButton } from "#ui/button.tsx";
import { useToast } from "#ui/toast.tsx";

interface EditorCanvasProps {
  readonly ui: EditorUi;
  readonly overlay: Overlay;
}

export function EditorCanvas({ ui, overlay }: EditorCanvasProps) {
  const t = useText();
  const store = useStore();
  const flow = useReactFlow();
  const document = useEditor(({ edit }) => edit.document);
  const selection = useEditor((state) => state.selection);
  const [projector] = useState(() => new Projector());
  const drawing = useMemo(() => projector.draw(document), [projector, document]);
  const [view, setView] = useState<View | null>(null);
  const measure = (element: HTMLElement | null) => {
    if (element && !view) setView(editedView(drawing.nodes, { width: element.clientWidth, height: element.clientHeight }));
  };
  useProblemMarks(overlay);
  useFollowSelection();
  useLinks(overlay);
  const editing = useEditing(ui);
  const select = useCallback((ids: ReadonlySet<string>) => store.select(ids), [store]);
  const { openAdd } = ui;
  const setting = useMemo(
    () => ({
      overlay,
      actions: {
        addAfter: (from: string, port: string) => openAdd({ kind: "after", from, port }),
        addInto: (edge: EdgeParts) => openAdd({ kind: "into", edge }),
        addInside: (container: string) => openAdd({ kind: "inside", container }),
      },
    }),
    [overlay, openAdd],
  );
  const drop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(NODE_DRAG);
    if (type === "") return;
    event.preventDefault();
    ui.dropAt(type, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
  };
  const keyDown = ({ key, target, nativeEvent }: KeyboardEvent) => {
    const id = target instanceof HTMLElement && target.classList.contains("react-flow__node") ? target.dataset["id"] : undefined;
    if (id !== undefined && (key === "Enter" || key === " ") && !isComposing(nativeEvent)) store.select([id]);
  };
  return (
    <CanvasContext value={setting}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be added by keyboard too */}
      <div ref={measure} className="h-full w-full" onDragOver={(event) => event.preventDefault()} onDrop={drop} onKeyDown={keyDown}>
        {view && (
          <Canvas
            drawing={drawing}
            label={t("canvas.label", { name: document.name })}
            selection={selection}
            onSelect={select}
            view={view}
            minimap={ui.minimap}
            editing={editing}
          >
            <CanvasControls ui={ui} />
          </Canvas>
        )}
      </div>
    </CanvasContext>
  );
}

/** What people do on the canvas, as commands of the editor. */
function useEditing({ selectedEdges, selectEdges, selects, openAdd }: EditorUi): CanvasEditing {
  const store = useStore();
  const ended = useLooseEnd(openAdd);
  return useMemo(
    () => ({
      onPlace: (points) => place(store, points),
      onConnect: (edge) => join(store, edge),
      mayConnect: ({ from, port, to }) => refusal(store.document, from, port, to) === null,
      onConnectEnd: ended,
      selectedEdges,
      onSelectEdges: selectEdges,
      selects,
    }),
    [store, ended, selectedEdges, selectEdges, selects],
  );
}

/** Counts of problems at the nodes. */
function useProblemMarks(overlay: Overlay): void {
  const problems = useEditor((state) => state.problems);
  useEffect(() => {
    const counts = [...problems.byNode].map(([id, list]) => {
      const errors = list.filter(({ level }) => level === "error").length;
      return [id, { errors, warnings: list.length - errors }] as const;
    });
    overlay.show({ problems: new Map(counts) });
  }, [overlay, problems]);
}

/** One node that was selected elsewhere (problems, outline, a new one) comes into view. */
function useFollowSelection(): void {
  const flow = useReactFlow();
  const selection = useEditor((state) => state.selection);
  useEffect(() => {
    const [id, ...others] = selection;
    const box = id === undefined || others.length > 0 ? null : flow.getNodesBounds([id]);
    const pane = globalThis.document.querySelector(".react-flow")?.getBoundingClientRect();
    if (!box || !pane) return;
    const from = flow.flowToScreenPosition({ x: box.x, y: box.y });
    const to = flow.flowToScreenPosition({ x: box.x + box.width, y: box.y + box.height });
    const isSeen = from.x >= pane.left && to.x <= pane.right && from.y >= pane.top && to.y <= pane.bottom;
    if (!isSeen) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: Math.min(1, flow.getZoom()) });
  }, [flow, selection]);
}

/** An edge that was drawn to nowhere asks which node follows; one that cannot be says why. */
function useLooseEnd(openAdd: EditorUi["openAdd"]): OnConnectEnd {
  const t = useText();
  const store = useStore();
  const toast = useToast();
  return useCallback(
    (_event, { fromNode, fromHandle, toNode, isValid }) => {
      if (isValid || !fromNode) return;
      const port = fromHandle?.id ?? "out";
      if (!toNode) {
        openAdd({ kind: "after", from: fromNode.id, port });
        return;
      }
      const why: Refusal | null = refusal(store.document, fromNode.id, port, toNode.id);
      if (why !== null) toast({ title: t(`refused.${why}`), bad: true });
    },
    [t, store, toast, openAdd],
  );
}

function CanvasControls({ ui }: { ui: EditorUi }) {
  const t = useText();
  const flow = useReactFlow();
  const store = useStore();
  return (
    <Panel position="bottom-left" className="flex items-center gap-0.5 rounded-lg border border-line bg-surface p-0.5 shadow-sm">
      <IconButton size="small" icon={Minus} label={t("zoom.out")} onClick={() => void flow.zoomOut()} />
      <IconButton size="small" icon={Plus} label={t("zoom.in")} onClick={() => void flow.zoomIn()} />
      <IconButton size="small" icon={Maximize} label={t("zoom.fit")} onClick={() => void flow.fitView({ padding: 0.15, maxZoom: 1 })} />
      <IconButton size="small" icon={Network} label={t("tidy")} onClick={() => tidy(store)} />
      <IconButton
        size="small"
        icon={ui.selects ? MousePointer2 : Hand}
        label={ui.selects ? t("mode.select") : t("mode.hand")}
        onClick={() => ui.setSelects(!ui.selects)}
      />
      <IconButton size="small" icon={MapIcon} label={t("minimap")} aria-pressed={ui.minimap} onClick={() => ui.setMinimap(!ui.minimap)} />
    </Panel>
  );
}

/** Ends of the edges whose names on the canvas are given. */
export function edgesNamed(document: WorkflowDocument, names: ReadonlySet<string>) {
  return new Projector()
    .draw(document)
    .edges.flatMap(({ id, data }) => (names.has(id) && data ? [{ from: data.from, port: data.port, to: data.to }] : []));
}
