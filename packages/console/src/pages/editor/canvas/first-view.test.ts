import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowDocument } from "@millrace/contract";
import { editedView, phoneView, wholeHeight } from "#pages/editor/canvas/first-view.ts";
import { Projector } from "#pages/editor/projection.ts";

const WIDTH = 341;

function chain(count: number): WorkflowDocument {
  const ids = Array.from({ length: count }, (_, at) => `n${at}`);
  const nodes = ids.map((id) => ({ id, type: "template", text: id }));
  // Far apart from left to right, as somebody placed them.
  const layout = Object.fromEntries(ids.map((id, at) => [id, [at * 400, 0] as const]));
  return { format: "millrace/1", name: "chain", nodes, edges: ids.slice(1).map((id, at) => `n${at} -> ${id}`), layout } as never;
}

const drawn = (document: WorkflowDocument) => new Projector("down").draw(document).nodes;

test("a graph runs downwards, and all of a short one is seen in its own size", () => {
  const nodes = drawn(chain(3));
  assert.equal(new Set(nodes.map(({ position }) => position.x)).size, 1);
  const { viewport, height, whole } = phoneView(nodes, WIDTH, null);
  assert.deepEqual([viewport.zoom, whole], [1, true]);
  assert.ok(nodes.every(({ position: { y }, height: own = 0 }) => viewport.y + y >= 0 && viewport.y + y + own <= height));
});

test("of a long one the node that matters is in the middle, and its words can be read", () => {
  const nodes = drawn(chain(30));
  const middle = nodes.find(({ id }) => id === "n15");
  const { viewport, height, whole } = phoneView(nodes, WIDTH, "n15");
  assert.equal(whole, false);
  assert.ok(viewport.zoom >= 0.6);
  const y = ((middle?.position.y ?? 0) + (middle?.height ?? 0) / 2) * viewport.zoom + viewport.y;
  assert.ok(Math.abs(y - height / 2) < 1, `${y} of ${height}`);
  assert.equal(phoneView(nodes, WIDTH, null).viewport.y, 12);
});

test("a node of a body is found where its container stands; notes are not drawn", () => {
  const body = { nodes: [{ id: "inner", type: "template", text: "x" }], edges: [] };
  const loop = { id: "loop", type: "loop", items: "{{ start.items }}", body };
  const note = { id: "note", type: "comment", text: "For people." };
  const many = chain(12);
  const nodes = drawn({ ...many, nodes: [...many.nodes, loop, note], edges: [...(many.edges ?? []), "n11 -> loop"] } as never);
  assert.equal(
    nodes.some(({ id }) => id === "note"),
    false,
  );
  const { viewport, height } = phoneView(nodes, WIDTH, "inner");
  const place = nodes.filter(({ id }) => id === "loop" || id === "inner").reduce((sum, { position }) => sum + position.y, 0);
  const top = place * viewport.zoom + viewport.y;
  assert.ok(top > 0 && top < height, `${top} of ${height}`);
});

test("from left to right a graph has no void above and below it, and no more height than there is", () => {
  const flat = new Projector("right").draw(chain(8)).nodes;
  assert.equal(wholeHeight(flat, 700), 200);
  const short = new Projector("right").draw(chain(1)).nodes;
  assert.equal(wholeHeight(short, 700), 200);
  const layout = { n0: [0, 0], n1: [0, 900] };
  assert.equal(wholeHeight(new Projector("right").draw({ ...chain(2), layout } as never).nodes, 700), 384);
});

test("a graph that is edited is whole in its own size, smaller while its words can be read, and seen from its start where it is wider", () => {
  const room = { width: 1_040, height: 800 };
  const seen = (count: number) => {
    const nodes = new Projector("right").draw(chain(count)).nodes;
    const { x, zoom } = editedView(nodes, room).viewport;
    const ends = nodes.map(({ position, width = 0 }) => [position.x * zoom + x, (position.x + width) * zoom + x] as const);
    return { zoom, left: Math.min(...ends.map(([from]) => from)), right: Math.max(...ends.map(([, to]) => to)) };
  };
  const small = seen(2);
  assert.equal(small.zoom, 1);
  assert.ok(Math.abs(small.left - (room.width - small.right)) < 1, `${small.left} and ${small.right}`);
  const fitting = seen(4);
  assert.ok(fitting.zoom < 1 && fitting.zoom > 0.6 && fitting.left >= 48 && fitting.right <= room.width - 47, JSON.stringify(fitting));
  const wide = seen(8);
  assert.deepEqual([wide.zoom, wide.left], [0.6, 48]);
});
