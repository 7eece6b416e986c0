import type { View } from "#pages/editor/canvas/canvas.tsx";
import { type Box, boundsOf, type Point, type Size } from "#pages/editor/model/placing.ts";
import type { CanvasNode } from "#pages/editor/projection.ts";

/** Around the graph. */
const EDGE = 12;
/** The same where there is room. */
const WIDE_EDGE = 48;
/** Below this the words of a node cannot be read. */
const LEAST_ZOOM = 0.6;
/** A graph that is higher than a screen is moved about in a part of it, so that there is room beside it to move the page. */
const SCREEN_HEIGHT = 720;
const PART_HEIGHT = 520;

const LEAST_WHOLE_HEIGHT = 200;
const MOST_WHOLE_HEIGHT = 384;

export interface PhoneView extends View {
  /** Of the picture. */
  readonly height: number;
}

/** A graph that is edited: whole, in at most its own size, where its words can be read then; else its beginning. */
export function editedView(nodes: readonly CanvasNode[], { width, height }: Size): View {
  const bounds = outerBounds(nodes);
  const fitting = Math.min((width - 2 * WIDE_EDGE) / Math.max(1, bounds.width), (height - 2 * WIDE_EDGE) / Math.max(1, bounds.height));
  const zoom = Math.min(1, Math.max(LEAST_ZOOM, fitting));
  const start = nodes.find(({ data }) => data.node.type === "start");
  const { x, y } = start ? middleOf(boxOf(start)) : bounds;
  const left = shift(width, { from: bounds.x * zoom, size: bounds.width * zoom, focus: x * zoom }, WIDE_EDGE);
  const top = shift(height, { from: bounds.y * zoom, size: bounds.height * zoom, focus: y * zoom }, WIDE_EDGE);
  return { viewport: { x: left, y: top, zoom }, whole: false };
}

/** A graph that runs downwards, as wide as the screen where its words can be read then; what does not fit is seen from `focus` on. */
export function phoneView(nodes: readonly CanvasNode[], width: number, focus: string | null): PhoneView {
  const bounds = outerBounds(nodes);
  const fitting = (width - 2 * EDGE) / Math.max(1, bounds.width);
  const zoom = Math.min(1, Math.max(LEAST_ZOOM, fitting));
  const needed = Math.ceil(bounds.height * zoom + 2 * EDGE);
  const whole = fitting >= LEAST_ZOOM && needed <= SCREEN_HEIGHT;
  const height = whole ? needed : Math.min(PART_HEIGHT, needed);
  const seen = middleOf(absoluteBox(nodes, focus) ?? { ...bounds, height: 0 });
  const x = shift(width, { from: bounds.x * zoom, size: bounds.width * zoom, focus: seen.x * zoom }, EDGE);
  const y = shift(height, { from: bounds.y * zoom, size: bounds.height * zoom, focus: seen.y * zoom }, EDGE);
  return { viewport: { x, y, zoom }, height, whole };
}

/** In the middle where it fits; else with the focus in the middle, and no more of the void than the edge. */
function shift(room: number, { from, size, focus }: { from: number; size: number; focus: number }, edge: number): number {
  if (size + 2 * edge < room + 1) return (room - size) / 2 - from;
  return Math.min(edge - from, Math.max(room - edge - size - from, room / 2 - focus));
}

/** Of what stands in no container. */
function outerBounds(nodes: readonly CanvasNode[]): Box {
  return boundsOf(nodes.filter(({ parentId }) => parentId === undefined).map(boxOf));
}

function middleOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function boxOf({ position, width = 0, height = 0 }: CanvasNode): Box {
  return { ...position, width, height };
}

/** The height of a picture from left to right, as wide as there is room. */
export function wholeHeight(nodes: readonly CanvasNode[], width: number): number {
  const bounds = outerBounds(nodes);
  const zoom = Math.min(1, width / Math.max(1, bounds.width));
  return Math.min(MOST_WHOLE_HEIGHT, Math.max(LEAST_WHOLE_HEIGHT, bounds.height * zoom + 8 * EDGE));
}

/** Of a node that may be inside of others. */
function absoluteBox(nodes: readonly CanvasNode[], id: string | null | undefined): Box | null {
  const node = nodes.find((one) => one.id === id);
  if (!node) return null;
  const around = absoluteBox(nodes, node.parentId) ?? { x: 0, y: 0 };
  const own = boxOf(node);
  return { ...own, x: own.x + around.x, y: own.y + around.y };
}
