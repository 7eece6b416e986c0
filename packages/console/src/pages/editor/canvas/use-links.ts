import { useEffect } from "react";
import { useShortcuts } from "#app/shortcuts.ts";
import type { Link, Overlay } from "#pages/editor/canvas/overlay.ts";
import { useStore } from "#pages/editor/context.ts";
import { linksOf } from "#pages/editor/model/references.ts";

const NONE: ReadonlyMap<string, Link> = new Map();

/** While Shift is held: the nodes that the chosen one reads, and those that read it. */
export function useLinks(overlay: Overlay): void {
  const store = useStore();
  useShortcuts({
    "editor.links": ({ repeat }) => {
      const [id, ...others] = store.get().selection;
      if (!repeat && id !== undefined && others.length === 0) overlay.show({ links: linksOf(store.document, id) });
    },
  });
  useEffect(() => {
    const end = () => {
      if (overlay.get().links !== NONE) overlay.show({ links: NONE });
    };
    const released = ({ key }: KeyboardEvent) => {
      if (key === "Shift") end();
    };
    document.addEventListener("keyup", released);
    window.addEventListener("blur", end);
    return () => {
      document.removeEventListener("keyup", released);
      window.removeEventListener("blur", end);
    };
  }, [overlay]);
}
