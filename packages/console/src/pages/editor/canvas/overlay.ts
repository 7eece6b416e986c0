import { createContext, useContext, useSyncExternalStore } from "react";
import type { DiffMark, DiffMarks, NodeState, NodeStates } from "#pages/editor/node-state.ts";

// What lies over a graph and changes more often than it: states of a run, counts of problems, marks of a comparison. Each node asks for its
// own, so that a run of one node draws one node.

export interface OverlayData {
  readonly states: NodeStates;
  readonly problems: ReadonlyMap<string, { readonly errors: number; readonly warnings: number }>;
  readonly marks: DiffMarks;
  readonly pinned: ReadonlySet<string>;
  /** While somebody asks for it: what the chosen node reads, and who reads it. */
  readonly links: ReadonlyMap<string, Link>;
}

export type Link = "read" | "reader";

const NO_OVERLAY: OverlayData = { states: new Map(), problems: new Map(), marks: new Map(), pinned: new Set(), links: new Map() };

export class Overlay {
  #data: OverlayData = NO_OVERLAY;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): OverlayData => this.#data;

  show(change: Partial<OverlayData>): void {
    this.#data = { ...this.#data, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** What can be done on a canvas that is no picture. */
export interface CanvasActions {
  /** At a port: choose what follows there. */
  readonly addAfter: (nodeId: string, port: string) => void;
  readonly addInto: (edge: { readonly from: string; readonly port: string; readonly to: string }) => void;
  readonly addInside: (containerId: string) => void;
}

export interface CanvasSetting {
  readonly overlay: Overlay;
  /** null: the graph is a picture. */
  readonly actions: CanvasActions | null;
}

export const CanvasContext = createContext<CanvasSetting>({ overlay: new Overlay(), actions: null });

export function useCanvas(): CanvasSetting {
  return useContext(CanvasContext);
}

export interface NodeOverlay {
  readonly state: NodeState | undefined;
  readonly mark: DiffMark | undefined;
  readonly errors: number;
  readonly warnings: number;
  readonly pinned: boolean;
  readonly link: Link | undefined;
}

export function useNodeOverlay(id: string): NodeOverlay {
  return {
    state: useOverlayPart(({ states }) => states.get(id)),
    mark: useOverlayPart(({ marks }) => marks.get(id)),
    errors: useOverlayPart(({ problems }) => problems.get(id)?.errors ?? 0),
    warnings: useOverlayPart(({ problems }) => problems.get(id)?.warnings ?? 0),
    pinned: useOverlayPart(({ pinned }) => pinned.has(id)),
    link: useOverlayPart(({ links }) => links.get(id)),
  };
}

function useOverlayPart<Part>(read: (data: OverlayData) => Part): Part {
  const { overlay } = useCanvas();
  return useSyncExternalStore(overlay.subscribe, () => read(overlay.get()));
}
