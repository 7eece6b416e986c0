import { createContext, useContext, useSyncExternalStore } from "react";
import type { EditorState, EditorStore } from "#pages/editor/store.ts";

export const EditorContext = createContext<EditorStore | null>(null);

export function useStore(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error("no editor around this component");
  return store;
}

/** A part of the editor's state; the component is drawn anew when that part is another object. */
export function useEditor<Part>(part: (state: EditorState) => Part): Part {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => part(store.get()));
}
