import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { copiedText, cut, duplicateSelection, neighbour, nudge, paste, placeOfSelection, remove, tidy } from "#pages/editor/actions.ts";
import { usagesOfSelection } from "#pages/editor/dialogs/delete-dialog.tsx";
import { type EditorUi, focusNode } from "#pages/editor/editor-ui.ts";
import { allNodes } from "#pages/editor/model/document.ts";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { type EditorShortcut, isTyping, shortcutOf } from "#pages/editor/shortcuts.ts";
import type { EditorStore } from "#pages/editor/store.ts";
import { useText } from "#pages/editor/text.ts";
import { useToast } from "#ui/toast.tsx";

const STEP = 10;
const FAR = 10;

interface Keyboard {
  readonly store: EditorStore;
  readonly ui: EditorUi;
  readonly runs: DraftRuns;
  readonly onRun: () => void;
  readonly edgesOf: (names: ReadonlySet<string>) => readonly { readonly from: string; readonly port: string; readonly to: string }[];
}

/** The keys of the whole page: the table of shortcuts, each with what it does. */
export function useKeyboard(keyboard: Keyboard): void {
  const flow = useReactFlow();
  const toast = useToast();
  const t = useText();
  const live = useRef({ ...keyboard, flow, toast, t });
  live.current = { ...keyboard, flow, toast, t };
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const { target } = event;
      const shortcut = shortcutOf(event, isTyping(target));
      if (shortcut === null || isElsewhere(target, event.key)) return;
      if (BROWSERS.has(shortcut)) return;
      event.preventDefault();
      doIt(shortcut, live.current);
    };
    // The clipboard's own events carry text without asking for leave.
    const copy = (event: ClipboardEvent) => {
      const text = isTyping(event.target) || isSelectingText() ? null : copiedText(live.current.store);
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut") remove(live.current.store, [...live.current.store.get().selection]);
    };
    const pasted = (event: ClipboardEvent) => {
      if (isTyping(event.target) || isElsewhere(event.target, "")) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (paste(live.current.store, text)) event.preventDefault();
      else if (text !== "") live.current.toast({ title: live.current.t("paste.refused"), bad: true });
    };
    document.addEventListener("keydown", down);
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", pasted);
    return () => {
      document.removeEventListener("keydown", down);
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", pasted);
    };
  }, []);
}

/** The browser sends its own events for these. */
const BROWSERS: ReadonlySet<EditorShortcut> = new Set(["copy", "cut", "paste"]);

/** A dialog or menu is open, or Tab is on its way through buttons and tabs outside of the canvas. */
function isElsewhere(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (document.querySelector("[role=dialog],[role=alertdialog],[role=menu]")) return true;
  const onCanvas = target === document.body || target.closest(".react-flow") !== null;
  if (key === "Tab") return target.closest(".react-flow") === null;
  return (key === "Enter" || key.startsWith("Arrow") || key === " ") && !onCanvas;
}

function isSelectingText(): boolean {
  return (document.getSelection()?.toString() ?? "") !== "";
}

interface Live extends Keyboard {
  readonly flow: ReturnType<typeof useReactFlow>;
  readonly toast: ReturnType<typeof useToast>;
  readonly t: ReturnType<typeof useText>;
}

function doIt(shortcut: EditorShortcut, live: Live): void {
  (EDITS[shortcut] ?? VIEWS[shortcut] ?? RUNS[shortcut])?.(live);
}

type Doing = Partial<Record<EditorShortcut, (live: Live) => void>>;

const by =
  (x: number, y: number) =>
  ({ store }: Live) =>
    nudge(store, { x: x * STEP, y: y * STEP });

const EDITS: Doing = {
  add: ({ ui, store, flow }) => ui.openAdd(placeOfSelection(store, centreOf(flow))),
  connect: ({ ui, store }) => store.get().selection.size === 1 && ui.openDialog("connect"),
  rename: () => document.getElementById("node-name")?.focus(),
  duplicate: ({ store }) => duplicateSelection(store),
  delete: (live) => deleteSelected(live),
  selectAll: ({ store }) => store.select(allNodes(store.document).map(({ node }) => node.id)),
  undo: ({ store }) => store.undo(),
  redo: ({ store }) => store.redo(),
  left: by(-1, 0),
  right: by(1, 0),
  up: by(0, -1),
  down: by(0, 1),
  farLeft: by(-FAR, 0),
  farRight: by(FAR, 0),
  farUp: by(0, -FAR),
  farDown: by(0, FAR),
  tidy: ({ store }) => tidy(store),
};

const walk =
  (direction: Parameters<typeof neighbour>[2]) =>
  ({ store }: Live) => {
    const [id] = store.get().selection;
    const next = id === undefined ? store.document.nodes[0]?.id : neighbour(store.document, id, direction);
    if (next === undefined || next === null) return;
    store.select([next]);
    focusNode(next);
  };

const VIEWS: Doing = {
  find: ({ ui }) => ui.openDialog("find"),
  walkLeft: walk("left"),
  walkRight: walk("right"),
  walkUp: walk("up"),
  walkDown: walk("down"),
  fit: ({ flow }) => flow.fitView({ padding: 0.15, maxZoom: 1 }),
  actualSize: ({ flow }) => flow.zoomTo(1),
  zoomIn: ({ flow }) => flow.zoomIn(),
  zoomOut: ({ flow }) => flow.zoomOut(),
  hand: ({ ui }) => ui.setSelects(false),
  select: ({ ui }) => ui.setSelects(true),
  minimap: ({ ui }) => ui.setMinimap(!ui.minimap),
  outline: ({ ui }) => ui.setSide(ui.side === "outline" ? "palette" : "outline"),
  problems: ({ ui }) => ui.setSide(ui.side === "problems" ? "palette" : "problems"),
};

const RUNS: Doing = {
  runDraft: ({ onRun }) => onRun(),
  runNode: ({ store, runs }) => {
    const [id] = store.get().selection;
    if (id !== undefined) void runs.runNode(id, "only");
  },
  pin: ({ store, runs }) => {
    const [id] = store.get().selection;
    if (id !== undefined) runs.togglePin(id);
  },
  save: ({ toast, t }) => toast({ title: t("save.already"), detail: t("save.already.help") }),
  publish: ({ ui }) => ui.openDialog("publish"),
};

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
export function centreOf(flow: ReturnType<typeof useReactFlow>): { readonly x: number; readonly y: number } {
  const pane = document.querySelector(".react-flow")?.getBoundingClientRect();
  return flow.screenToFlowPosition({ x: (pane?.left ?? 0) + (pane?.width ?? 0) / 2, y: (pane?.top ?? 0) + (pane?.height ?? 0) / 2 });
}
