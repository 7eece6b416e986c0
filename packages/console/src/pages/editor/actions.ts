import type { WorkflowDocument } from "@millrace/contract";
import { copyNodes, duplicate, pasteFragment, readFragment } from "#pages/editor/model/clipboard.ts";
import { addNode, connect, disconnect, moveNodes, type NewNode, placeNodes, removeNodes, tidyUp } from "#pages/editor/model/commands.ts";
import { bodyOf, type Containers, type EdgeParts, edgeParts, graphAt, placesOf, portsOf } from "#pages/editor/model/document.ts";
import { GAP, NODE_WIDTH, type Point, placedAt } from "#pages/editor/model/placing.ts";
import { legalTargets } from "#pages/editor/model/targets.ts";
import type { EditorStore } from "#pages/editor/store.ts";

// What the canvas, the outline, the palette and the keyboard do alike: commands of the model, through the store's one stack.

/** Where a new node goes. */
export type AddPlace =
  | { readonly kind: "after"; readonly from: string; readonly port: string }
  | { readonly kind: "into"; readonly edge: EdgeParts }
  | { readonly kind: "inside"; readonly container: string }
  | {
      readonly kind: "at";
      readonly point: Point;
      readonly container: string | null;
      readonly after?: { readonly from: string; readonly port: string };
    };

export function add(store: EditorStore, type: string, place: AddPlace): void {
  const { document } = store;
  const { document: next, ids } = addNode(document, whereFor(document, type, place));
  store.run({ label: "add" }, () => next, ids);
}

function whereFor(document: WorkflowDocument, type: string, place: AddPlace): NewNode {
  const places = placesOf(document);
  switch (place.kind) {
    case "after": {
      const containers = places.get(place.from)?.containers ?? [];
      const box = placedAt(document, containers).boxes.get(place.from);
      const near = { x: (box?.x ?? 0) + (box?.width ?? NODE_WIDTH) + GAP * 2, y: box?.y ?? 0 };
      return { type, containers, near, ...(follows(type) && { after: { from: place.from, port: place.port } }) };
    }
    case "into":
      return { type, containers: places.get(place.edge.from)?.containers ?? [], near: { x: 0, y: 0 }, into: place.edge };
    case "inside": {
      const containers = [...(places.get(place.container)?.containers ?? []), place.container];
      return { type, containers, near: { x: 32, y: 96 } };
    }
    case "at":
      return {
        type,
        containers: containersOf(document, place.container),
        near: place.point,
        ...(place.after && follows(type) && { after: place.after }),
      };
  }
}

/** Can an edge lead to nodes of the type? */
function follows(type: string): boolean {
  return type !== "comment" && type !== "start";
}

function containersOf(document: WorkflowDocument, container: string | null): Containers {
  return container === null ? [] : [...(placesOf(document).get(container)?.containers ?? []), container];
}

/** What `Tab` adds to: the one selected node, else the loose end that is nearest to the point. */
export function placeOfSelection(store: EditorStore, point: Point): AddPlace {
  const { document } = store;
  const [id, ...others] = store.get().selection;
  const place = id === undefined || others.length > 0 ? undefined : placesOf(document).get(id);
  if (!place || id === undefined) return placeOfDrop(store, point);
  const port = freePort(document, id);
  return port === null ? { kind: "at", point, container: place.containers.at(-1) ?? null } : { kind: "after", from: id, port };
}

/** Where something that is dropped belongs: into the container under it, and behind the loose end that is nearest to the left of it. */
export function placeOfDrop(store: EditorStore, point: Point): AddPlace {
  const { document } = store;
  const { container, inner } = containerUnder(document, [], point);
  const containers = containersOf(document, container);
  const nearest = [...placedAt(document, containers).boxes]
    .filter(([id]) => hasLooseEnd(document, id))
    .map(([id, box]) => ({ id, distance: Math.hypot(inner.x - box.x - box.width, inner.y - box.y) + (box.x > inner.x ? FAR_AWAY : 0) }))
    .toSorted((left, right) => left.distance - right.distance)[0];
  const port = nearest && freePort(document, nearest.id);
  return { kind: "at", point: inner, container, ...(nearest && port && { after: { from: nearest.id, port } }) };
}

/** Nodes to the right of the point come after all others. */
const FAR_AWAY = 100_000;

function hasLooseEnd(document: WorkflowDocument, id: string): boolean {
  const place = placesOf(document).get(id);
  const edges = ((place && graphAt(document, place.containers)?.edges) ?? []).flatMap((edge) => edgeParts(edge) ?? []);
  return portsFor(document, id).some((port) => !edges.some((edge) => edge.from === id && edge.port === port));
}

/** The innermost container under a point of the canvas, and the point in its measure. */
function containerUnder(
  document: WorkflowDocument,
  containers: Containers,
  point: Point,
): { readonly container: string | null; readonly inner: Point } {
  const { boxes } = placedAt(document, containers);
  for (const node of graphAt(document, containers)?.nodes ?? []) {
    const box = bodyOf(node) && boxes.get(node.id);
    if (!box || point.x < box.x || point.y < box.y || point.x > box.x + box.width || point.y > box.y + box.height) continue;
    const deeper = containerUnder(document, [...containers, node.id], { x: point.x - box.x, y: point.y - box.y });
    return { container: deeper.container ?? node.id, inner: deeper.inner };
  }
  return { container: null, inner: point };
}

/** Behind everything. */
export function endOf(store: EditorStore): Point {
  const { bounds } = placedAt(store.document, []);
  return { x: bounds.x + bounds.width + GAP * 2, y: bounds.y };
}

/** The port that an edge would leave: the first without one, else the first; null where nothing can follow. */
function freePort(document: WorkflowDocument, id: string): string | null {
  const place = placesOf(document).get(id);
  if (!place) return null;
  const edges = (graphAt(document, place.containers)?.edges ?? []).flatMap((edge) => edgeParts(edge) ?? []);
  const ports = portsFor(document, id);
  return ports.find((port) => !edges.some((edge) => edge.from === id && edge.port === port)) ?? ports[0] ?? null;
}

function portsFor(document: WorkflowDocument, id: string): readonly string[] {
  const node = placesOf(document).get(id)?.node;
  return node ? portsOf(node) : [];
}

export function join(store: EditorStore, edge: EdgeParts): void {
  const containers = placesOf(store.document).get(edge.from)?.containers ?? [];
  store.run({ label: "connect" }, (document) => connect(document, containers, edge));
}

export function cut(store: EditorStore, edges: readonly EdgeParts[]): void {
  store.run({ label: "disconnect" }, (document) =>
    edges.reduce((current, edge) => disconnect(current, placesOf(current).get(edge.from)?.containers ?? [], edge), document),
  );
}

export function remove(store: EditorStore, ids: readonly string[]): void {
  store.run({ label: "delete" }, (document) => removeNodes(document, ids), []);
}

export function place(store: EditorStore, points: ReadonlyMap<string, Point>): void {
  store.run({ label: "move" }, (document) => placeNodes(document, points));
}

/** By the arrows: presses in a row are one step. */
export function nudge(store: EditorStore, distance: Point): void {
  const ids = [...store.get().selection];
  if (ids.length > 0) store.run({ label: "move", key: `move ${ids.join(" ")}` }, (document) => moveNodes(document, ids, distance));
}

export function tidy(store: EditorStore): void {
  store.run({ label: "tidy" }, tidyUp);
}

export function duplicateSelection(store: EditorStore): void {
  const { document, ids } = duplicate(store.document, [...store.get().selection]);
  store.run({ label: "duplicate" }, () => document, ids);
}

/** The selection as text for the clipboard; null where nothing is selected. */
export function copiedText(store: EditorStore): string | null {
  const fragment = copyNodes(store.document, [...store.get().selection]);
  return fragment && JSON.stringify(fragment, null, 2);
}

/** false where the text is no piece of a workflow. */
export function paste(store: EditorStore, text: string): boolean {
  const fragment = readFragment(text);
  if (!fragment) return false;
  const [selected] = store.get().selection;
  const containers = (selected !== undefined && placesOf(store.document).get(selected)?.containers) || [];
  const { document, ids } = pasteFragment(store.document, containers, fragment, null);
  store.run({ label: "paste" }, () => document, ids);
  return true;
}

/** Edges from a node: each port with where it may lead. */
export function targetsFrom(document: WorkflowDocument, id: string): readonly { readonly port: string; readonly to: string }[] {
  return portsFor(document, id).flatMap((port) => legalTargets(document, id, port).map(({ id: to }) => ({ port, to })));
}

/** The neighbour in a direction, along the edges first, then by where nodes stand. */
export function neighbour(document: WorkflowDocument, id: string, direction: "left" | "right" | "up" | "down"): string | null {
  const place = placesOf(document).get(id);
  if (!place) return null;
  const graph = graphAt(document, place.containers);
  const edges = (graph?.edges ?? []).flatMap((edge) => edgeParts(edge) ?? []);
  if (direction === "right") return edges.find((edge) => edge.from === id)?.to ?? null;
  if (direction === "left") return edges.find((edge) => edge.to === id)?.from ?? null;
  const { boxes } = placedAt(document, place.containers);
  const own = boxes.get(id);
  if (!own) return null;
  const others = [...boxes].filter(([other, box]) => other !== id && (direction === "down" ? box.y > own.y : box.y < own.y));
  const distance = ([, box]: [string, Point]) => Math.abs(box.y - own.y) + Math.abs(box.x - own.x) * 2;
  return others.toSorted((left, right) => distance(left) - distance(right))[0]?.[0] ?? null;
}
