import type { JsonObject } from "@millrace/contract";
import type { NativeGraph, NativeNode } from "#flow/export/native";
import { listOf } from "#flow/json";

/** Between the columns and rows of nodes that stand nowhere yet. */
const COLUMN = 320;
const ROW = 160;

/** Where nodes stand: as the layout says, else one column after another. */
export class Positions {
  readonly #layout: JsonObject;
  readonly #free = new Map<NativeGraph, number>();

  constructor(layout: JsonObject) {
    this.#layout = layout;
  }

  of(node: NativeNode): { readonly x: number; readonly y: number } {
    const [x, y] = listOf(this.#layout[node.path]);
    if (typeof x === "number" && typeof y === "number") return { x, y };
    const place = this.#free.get(node.graph) ?? 0;
    this.#free.set(node.graph, place + 1);
    return { x: place * COLUMN, y: (place % 2) * ROW };
  }
}
