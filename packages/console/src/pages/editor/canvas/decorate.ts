import type { CanvasNode } from "#pages/editor/projection.ts";

interface Decoration {
  readonly label: string;
  readonly selected: boolean;
  readonly moved: { readonly x: number; readonly y: number } | undefined;
}

/** Gives nodes what is not the document's: their name for screen readers, selection, where a drag has them. Same in, same object out. */
export class Decorator {
  readonly #made = new Map<string, { readonly from: CanvasNode; readonly with: Decoration; readonly to: CanvasNode }>();

  decorate(nodes: readonly CanvasNode[], decorationOf: (node: CanvasNode) => Decoration): CanvasNode[] {
    return nodes.map((node) => {
      const decoration = decorationOf(node);
      const made = this.#made.get(node.id);
      if (made?.from === node && isSame(made.with, decoration)) return made.to;
      const { label, selected, moved } = decoration;
      const to = { ...node, ariaLabel: label, selected, ...(moved && { position: moved }) };
      this.#made.set(node.id, { from: node, with: decoration, to });
      return to;
    });
  }
}

function isSame(left: Decoration, right: Decoration): boolean {
  return (
    left.label === right.label && left.selected === right.selected && left.moved?.x === right.moved?.x && left.moved?.y === right.moved?.y
  );
}
