import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { type Handlers, isTyping, useShortcuts } from "#app/shortcuts.ts";
import { copiedText, cut, duplicateSelection, neighbour, nudge, paste, placeOfSelection, remove, tidy } from "#pages/editor/actions.ts";
import { usagesOfSelection } from "#pages/editor/dialogs/delete-dialog.tsx";
import { type EditorUi, focusNode } from "#pages/editor/editor-ui.ts";
import { allNodes, type EdgeParts } from "#pages/editor/model/document.ts";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import type { EditorStore } from "#pages/editor/store.ts";
import { useText } from "#pages/editor/text.ts";
import { useToast } from "#ui/toast.tsx";

const STEP = 10;
const FAR = 10;

export interface Keyboard {
  readonly store: EditorStore;
  readonly ui: EditorUi;
  readonly runs: DraftRuns;
  readonly onRun: () => void;
  readonly edgesOf: (names: ReadonlySet<string>) => readonly EdgeParts[];
}

interface Live extends Keyboard {
  readonly flow: ReturnType<typeof useReactFlow>;
  readonly toast: ReturnType<typeof useToast>;
  readonly t: ReturnType<typeof useText>;
}

/** The keys of the whole page: the rows of the table, each with what it does. */
export function useKeyboard(keyboard: Keyboard): void {
  const live: Live = { ...keyboard, flow: useReactFlow(), toast: useToast(), t: useText() };
  useShortcuts({ ...edits(live), ...views(live), ...runs(live) }, isOurs);
  useClipboard(live);
}

/** Not while a dialog or menu is open; and outside of the canvas Tab, Enter and the arrows by themselves are the page's. */
function isOurs({ target, key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (isCovered()) return false;
  if (!(target instanceof Element) || target.closest(".react-flow") || ctrlKey || metaKey || altKey) return true;
  return key !== "Tab" && (target === document.body || !/^(Enter|Arrow.*)$/.test(key));
}

/** By a dialog or a menu. A toast is a dialog too by its role, and covers nothing. */
function isCovered(): boolean {
  return document.querySelector("[role=dialog]:not([aria-modal=false]),[role=alertdialog],[role=menu]") !== null;
}

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number, name: Parameters<typeof neighbour>[2]]>> = {
  ArrowLeft: [-1, 0, "left"],
  ArrowRight: [1, 0, "right"],
  ArrowUp: [0, -1, "up"],
  ArrowDown: [0, 1, "down"],
};

function nudgeBy(store: EditorStore, key: string, distance: number): void {
  const [x, y] = DIRECTIONS[key] ?? [0, 0];
  nudge(store, { x: x * distance, y: y * distance });
}

function edits(live: Live): Handlers {
  const { store, ui, flow } = live;
  return {
    "editor.add": () => ui.openAdd(placeOfSelection(store, centreOf(flow))),
    "editor.connect": () => {
      if (store.get().selection.size === 1) ui.openDialog("connect");
    },
    "editor.rename": () => document.getElementById("node-name")?.focus(),
    "editor.duplicate": () => duplicateSelection(store),
    "editor.delete": () => deleteSelected(live),
    "editor.selectAll": () => store.select(allNodes(store.document).map(({ node }) => node.id)),
    "editor.undo": () => store.undo(),
    "editor.redo": () => store.redo(),
    "editor.find": () => ui.openDialog("find"),
    "editor.move": ({ key }) => nudgeBy(store, key, STEP),
    "editor.moveFar": ({ key }) => nudgeBy(store, key, STEP * FAR),
    "editor.tidy": () => tidy(store),
  };
}

function views({ store, ui, flow }: Live): Handlers {
  return {
    "editor.walk": ({ key }) => walk(store, DIRECTIONS[key]?.[2] ?? "right"),
    "editor.fit": () => void flow.fitView({ padding: 0.1, maxZoom: 1 }),
    "editor.actualSize": () => void flow.zoomTo(1),
    "editor.zoomIn": () => void flow.zoomIn(),
    "editor.zoomOut": () => void flow.zoomOut(),
    "editor.hand": () => ui.setSelects(false),
    "editor.select": () => ui.setSelects(true),
    "editor.minimap": () => ui.setMinimap(!ui.minimap),
    "editor.outline": () => ui.setSide(ui.side === "outline" ? "palette" : "outline"),
    "editor.problems": () => ui.setSide(ui.side === "problems" ? "palette" : "problems"),
  };
}

function runs({ store, ui, runs: drafts, onRun, toast, t }: Live): Handlers {
  const [selected] = store.get().selection;
  return {
    "editor.run": onRun,
    "editor.runNode": () => {
      if (selected !== undefined) void drafts.runNode(selected, "only");
    },
    "editor.pin": () => {
      if (selected !== undefined) drafts.togglePin(selected);
    },
    "editor.save": () => toast({ title: t("save.already"), detail: t("save.already.help") }),
    "editor.publish": () => ui.openDialog("publish"),
  };
}

/** To the neighbour in a direction, or to the first node. */
function walk(store: EditorStore, direction: Parameters<typeof neighbour>[2]): void {
  const [id] = store.get().selection;
  const next = id === undefined ? store.document.nodes[0]?.id : neighbour(store.document, id, direction);
  if (next === undefined || next === null) return;
  store.select([next]);
  focusNode(next);
}

/** The browser's own events carry text without asking for leave, and come of the keys and of its menu alike. */
function useClipboard(live: Live): void {
  const latest = useRef(live);
  latest.current = live;
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const { store } = latest.current;
      const text = isTyping(event) || isSelectingText() ? null : copiedText(store);
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut") remove(store, [...store.get().selection]);
    };
    const pasted = (event: ClipboardEvent) => {
      if (isTyping(event) || isCovered()) return;
      const { store, toast, t } = latest.current;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (paste(store, text)) event.preventDefault();
      else if (text !== "") toast({ title: t("paste.refused"), bad: true });
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", pasted);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", pasted);
    };
  }, []);
}

function isSelectingText(): boolean {
  return (document.getSelection()?.toString() ?? "") !== "";
}

function deleteSelected({ store, ui, edgesOf }: Live): void {
  const { selection } = store.get();
  if (ui.selectedEdges.size > 0 && selection.size === 0) {
    cut(store, edgesOf(ui.selectedEdges));
    ui.selectEdges(new Set());
    return;
  }
  if (selection.size === 0) return;
  if (usagesOfSelection(store.document, selection).length > 0) ui.openDialog("delete");
  else remove(store, [...selection]);
}

/** The middle of what is seen, in the graph's own measure. */
function centreOf(flow: ReturnType<typeof useReactFlow>): { readonly x: number; readonly y: number } {
  const pane = document.querySelector(".react-flow")?.getBoundingClientRect();
  return flow.screenToFlowPosition({ x: (pane?.left ?? 0) + (pane?.width ?? 0) / 2, y: (pane?.top ?? 0) + (pane?.height ?? 0) / 2 });
}
