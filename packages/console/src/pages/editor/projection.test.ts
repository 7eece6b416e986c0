import assert from "node:assert/strict";
import { test } from "node:test";
import { Decorator } from "#pages/editor/canvas/decorate.ts";
import { setMember } from "#pages/editor/model/commands.ts";
import { type Drawing, Projector } from "#pages/editor/projection.ts";
import { NEWS } from "#pages/editor/testing/documents.ts";

/** Nodes of the second drawing that are other objects than in the first. */
const others = (before: Drawing["nodes"], now: Drawing["nodes"]) => now.filter((node) => !before.includes(node)).map(({ id }) => id);

test("a letter in a field draws its node anew, and no other node or edge", () => {
  const projector = new Projector();
  const before = projector.draw(NEWS);
  const now = projector.draw(setMember(NEWS, "summary", ["text"], "other"));
  assert.deepEqual(others(before.nodes, now.nodes), ["summary"]);
  assert.equal(now.edges, before.edges);
});

test("what is drawn once more without a change is the same list", () => {
  const projector = new Projector();
  const before = projector.draw(NEWS);
  const renamed = projector.draw({ ...NEWS, name: "other" });
  assert.equal(renamed.nodes, before.nodes);
  assert.equal(renamed.edges, before.edges);
});

test("of nodes with the same label, selection and place only a changed one is decorated anew", () => {
  const projector = new Projector();
  const decorator = new Decorator();
  const decorated = (drawing: Drawing, chosen: string) =>
    decorator.decorate(drawing.nodes, ({ id }) => ({ label: id, selected: id === chosen, moved: undefined }));
  const document = setMember(NEWS, "summary", ["text"], "other");
  const before = decorated(projector.draw(NEWS), "fetch");
  const written = decorated(projector.draw(document), "fetch");
  assert.deepEqual(others(before, written), ["summary"]);
  const chosen = decorated(projector.draw(document), "check");
  assert.deepEqual(others(written, chosen).toSorted(), ["check", "fetch"]);
});
