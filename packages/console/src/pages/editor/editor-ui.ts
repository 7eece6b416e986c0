import { useMemo, useState } from "react";
import { choices } from "#app/choices.ts";
import { type AddPlace, add, endOf, placeOfDrop, placeOfSelection } from "#pages/editor/actions.ts";
import type { Point } from "#pages/editor/model/placing.ts";
import type { EditorStore } from "#pages/editor/store.ts";

export type EditorDialog = "publish" | "conflict" | "connect" | "find" | "delete" | "history" | "settings" | null;

/** What is open and how the canvas behaves: the page's, and no part of the document. */
export interface EditorUi {
  readonly adding: AddPlace | null;
  readonly openAdd: (place: AddPlace) => void;
  readonly closeAdd: () => void;
  /** A type that was dragged to a point of the canvas. */
  readonly dropAt: (type: string, point: Point) => void;
  readonly addFromPalette: (type: string) => void;
  readonly dialog: EditorDialog;
  readonly openDialog: (dialog: EditorDialog) => void;
  readonly selectedEdges: ReadonlySet<string>;
  readonly selectEdges: (ids: ReadonlySet<string>) => void;
  readonly selects: boolean;
  readonly setSelects: (selects: boolean) => void;
  readonly minimap: boolean;
  readonly setMinimap: (shown: boolean) => void;
  /** The side that lists problems or the outline, in the place of the palette. */
  readonly side: EditorSide;
  readonly setSide: (side: EditorSide) => void;
  readonly drawer: boolean;
  readonly setDrawer: (open: boolean) => void;
}

export type EditorSide = "palette" | "outline" | "problems";

function addFocused(store: EditorStore, type: string, place: AddPlace): void {
  add(store, type, place);
  const [id] = store.get().selection;
  if (id !== undefined) focusNode(id);
}

/** After React has drawn it. */
export function focusNode(id: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus());
}

const NO_EDGES: ReadonlySet<string> = new Set();
const MINIMAP = "millrace.editor.minimap";

export function useEditorUi(store: EditorStore): EditorUi {
  const [adding, setAdding] = useState<AddPlace | null>(null);
  const [dialog, openDialog] = useState<EditorDialog>(null);
  const [selectedEdges, selectEdges] = useState(NO_EDGES);
  const [selects, setSelects] = useState(false);
  const [minimap, showMinimap] = useState(() => choices.get(MINIMAP) === "on");
  const [side, setSide] = useState<EditorSide>("palette");
  const [drawer, setDrawer] = useState(false);
  return useMemo(
    () => ({
      adding,
      openAdd: setAdding,
      closeAdd: () => setAdding(null),
      dropAt: (type, point) => addFocused(store, type, placeOfDrop(store, point)),
      addFromPalette: (type) => addFocused(store, type, placeOfSelection(store, endOf(store))),
      dialog,
      openDialog,
      selectedEdges,
      selectEdges,
      selects,
      setSelects,
      minimap,
      setMinimap: (shown) => {
        choices.set(MINIMAP, shown ? "on" : null);
        showMinimap(shown);
      },
      side,
      setSide,
      drawer,
      setDrawer,
    }),
    [store, adding, dialog, selectedEdges, selects, minimap, side, drawer],
  );
}
