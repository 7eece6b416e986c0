import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowDocument, WorkflowNode } from "@millrace/contract";
import fc from "fast-check";
import { copyNodes, duplicate, pasteFragment, readFragment } from "#pages/editor/model/clipboard.ts";
import { addNode, connect, disconnect, moveNodes, removeNodes, renameId, setMember, tidyUp } from "#pages/editor/model/commands.ts";
import { allNodes, nodeOf, placesOf } from "#pages/editor/model/document.ts";
import { placedAt } from "#pages/editor/model/placing.ts";
import { problemsOf } from "#pages/editor/model/problems.ts";
import { linksOf, renameReferences, usagesOf } from "#pages/editor/model/references.ts";
import { begun, type EditState, isSaved, performed, redone, resumed, undone } from "#pages/editor/model/stack.ts";
import { legalTargets, refusal } from "#pages/editor/model/targets.ts";
import { NEWS } from "#pages/editor/testing/documents.ts";

/** Numbers that a property draws choose what is done, and to what. */
type Draw = readonly [kind: number, first: number, second: number];

function pick<Item>(list: readonly Item[], at: number): Item | undefined {
  return list[at % Math.max(1, list.length)];
}

/** One of the things that people do in an editor, pointer, keyboard and forms alike. */
function mutated(document: WorkflowDocument, [kind, first, second]: Draw): WorkflowDocument {
  const nodes = allNodes(document);
  const id = pick(nodes, first)?.node.id ?? "";
  const containers = pick(nodes, first)?.containers ?? [];
  switch (kind % 9) {
    case 0:
      return moveNodes(document, [id], { x: second * 7, y: second * 3 });
    case 1:
      return moveNodes(document, [id], { x: 10, y: 0 });
    case 2:
      return addNode(document, { type: second % 2 ? "code" : "loop", containers, near: { x: second, y: first } }).document;
    case 3:
      return setMember(document, id, ["name"], second % 3 ? `Name ${second}` : undefined);
    case 4:
      return renameId(document, id, `renamed_${first}_${second}`) ?? document;
    case 5:
      return removeNodes(document, [id]);
    case 6:
      return duplicate(document, [id, pick(nodes, second)?.node.id ?? ""]).document;
    case 7:
      return tidyUp(document);
    default: {
      const target = pick(legalTargets(document, id, "out"), second)?.id;
      return target === undefined ? document : connect(document, containers, { from: id, port: "out", to: target });
    }
  }
}

const draws = (count: number) => fc.array(fc.tuple(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000)), { minLength: count, maxLength: count });

const textOf = (document: WorkflowDocument) => JSON.stringify(document);

test("C8: 200 mixed mutations, undone and redone: the same bytes, over a reload too", () => {
  fc.assert(
    fc.property(draws(200), fc.nat(199), (given, reloadAt) => {
      let state: EditState = begun(NEWS);
      const texts = [textOf(NEWS)];
      for (const [index, draw] of given.entries()) {
        const next = performed(state, mutated(state.document, draw), { label: "test" }, index);
        if (next !== state) texts.push(textOf(next.document));
        state = next;
      }
      const last = textOf(state.document);
      for (let step = texts.length - 2; step >= 0; step -= 1) {
        state = undone(state);
        assert.equal(textOf(state.document), texts[step]);
        if (step === reloadAt) state = reloaded(state);
      }
      for (let step = 1; step < texts.length; step += 1) state = redone(step === reloadAt ? reloaded(state) : state);
      assert.equal(textOf(state.document), last);
      assert.equal(redone(state), state);
    }),
    { numRuns: 20 },
  );
});

/** What the server has, and what the journal kept as text. */
function reloaded(state: EditState): EditState {
  const { document, entries, position, saved } = state;
  let server = state;
  while (server.position > saved) server = undone(server);
  while (server.position < saved) server = redone(server);
  const stack = JSON.parse(JSON.stringify({ entries, position, saved }));
  const again = resumed(JSON.parse(textOf(server.document)), stack);
  assert.ok(again);
  assert.equal(textOf(again.document), textOf(document));
  return again;
}

test("letters of one field are one step; a pause or a save begins another", () => {
  let state = begun(NEWS);
  const typed = (text: string, now: number) =>
    performed(state, setMember(state.document, "summary", ["text"], text), { label: "field", key: "summary/text" }, now);
  for (const [index, text] of ["a", "ab", "abc"].entries()) state = typed(text, index * 100);
  assert.equal(state.position, 1);
  state = { ...state, saved: 1 };
  state = typed("abcd", 300);
  assert.equal(state.position, 2);
  state = typed("abcde", 5_000);
  assert.equal(state.position, 3);
  for (let step = 0; step < 3; step += 1) state = undone(state);
  assert.equal(textOf(state.document), textOf(NEWS));
});

test("after undo of what was saved, another edit is unsaved", () => {
  let state = performed(begun(NEWS), setMember(NEWS, "end", ["name"], "A"), { label: "x" }, 0);
  state = undone({ ...state, saved: state.position });
  state = performed(state, setMember(state.document, "end", ["name"], "B"), { label: "x" }, 1);
  assert.equal(isSaved(state), false);
});

test("C12: an id is renamed in conditions, templates, inputs, bodies and edges, and nowhere else", () => {
  const renamed = renameId(NEWS, "fetch", "news");
  assert.ok(renamed);
  assert.equal(usagesOf(renamed, "fetch").length, 0);
  assert.equal(usagesOf(renamed, "news").length, usagesOf(NEWS, "fetch").length);
  const text = textOf(renamed);
  assert.ok(text.includes("{{ news.status }}") && text.includes("start -> news") && text.includes("news -> check"));
  // The parameter of an arrow and the source of code are other things.
  assert.ok(text.includes("fetch => fetch") && text.includes("return { fetch: inputs.body };"));
  assert.deepEqual(problemsOf(NEWS).list, []);
  assert.deepEqual(problemsOf(renamed).list, []);
  assert.equal(renameId(NEWS, "fetch", "check"), null);
  assert.deepEqual(renamed.layout?.["news"], [300, 0]);
  assert.deepEqual(renameId(NEWS, "each", "all")?.layout?.["all/page"], [40, 90]);
});

test("C13: the usages of a node are all of its references, with the nodes that read", () => {
  const readers = usagesOf(NEWS, "fetch").map(({ nodeId }) => nodeId);
  assert.deepEqual(readers, ["check", "shape", "page", "summary"]);
  assert.deepEqual(
    usagesOf(NEWS, "start").map(({ nodeId }) => nodeId),
    ["fetch", "each", null],
  );
  const replaced = renameReferences(NEWS, "fetch", "start");
  assert.equal(usagesOf(replaced, "fetch").length, 0);
});

test("a node is linked with what it reads and with those that read it, in bodies too", () => {
  assert.deepEqual(
    [...linksOf(NEWS, "fetch")].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    [
      ["check", "reader"],
      ["page", "reader"],
      ["shape", "reader"],
      ["start", "read"],
      ["summary", "reader"],
    ],
  );
});

test("C14: after 500 random renames and deletes every reference resolves or is a problem", () => {
  fc.assert(
    fc.property(draws(500), (given) => {
      let document = NEWS;
      for (const [kind, first, second] of given) {
        const nodes = allNodes(document);
        const id = pick(nodes, first)?.node.id;
        if (id === undefined) break;
        if (kind % 10 > 0 || nodes.length < 3) document = renameId(document, id, `n${first}_${second}`) ?? document;
        else document = removeNodes(document, [id]);
      }
      const flagged = new Set(problemsOf(document).byNode.keys());
      const known = placesOf(document);
      for (const { node } of known.values()) {
        for (const name of namesReadBy(node)) if (!known.has(name)) assert.ok(flagged.has(node.id), `${node.id} reads ${name}`);
      }
    }),
    { numRuns: 5 },
  );
});

/** Roots of the references in a node of NEWS, read with a pattern of this test's own: `name.field`, or a name alone. */
function namesReadBy({ body: _body, ...own }: WorkflowNode): readonly string[] {
  const expressions = [...JSON.stringify(own).matchAll(/\{\{(.*?)\}\}/g)].map(([, source = ""]) => source);
  const roots = expressions.flatMap((source) =>
    [...source.matchAll(/(?<![.\w(> ]) ?([A-Za-z_]\w*)(?=\.| *$)/g)].map(([, name = ""]) => name),
  );
  return roots.filter((name) => name !== "item");
}

test("C10: a node goes into an edge, between its ends, over nothing", () => {
  const { document, ids } = addNode(NEWS, {
    type: "template",
    containers: [],
    near: { x: 0, y: 0 },
    into: { from: "check", port: "else", to: "other" },
  });
  const [id = ""] = ids;
  assert.deepEqual(document.edges.slice(3, 5), [`check.else -> ${id}`, `${id} -> other`]);
  const { boxes } = placedAt(document, []);
  const own = boxes.get(id);
  assert.ok(own);
  for (const [other, box] of boxes) {
    if (other === id) continue;
    const apart = box.x >= own.x + own.width || own.x >= box.x + box.width || box.y >= own.y + own.height || own.y >= box.y + box.height;
    assert.ok(apart, `${id} stands on ${other}`);
  }
});

test("C11: pasted elsewhere, nodes read each other under their new names, and what is missing is a problem", () => {
  const fragment = copyNodes(NEWS, ["fetch", "check"]);
  assert.ok(fragment);
  const read = readFragment(JSON.stringify(fragment));
  assert.deepEqual(read, fragment);
  const inSame = pasteFragment(NEWS, [], fragment, null);
  assert.deepEqual(inSame.ids, ["fetch2", "check2"]);
  assert.ok(JSON.stringify(nodeOf(inSame.document, "check2")).includes("{{ fetch2.status }}"));
  assert.ok(inSame.document.edges.includes("fetch2 -> check2"));
  const empty = { format: "millrace/1", name: "empty", nodes: [], edges: [] } as unknown as WorkflowDocument;
  const { document } = pasteFragment(empty, [], fragment, { x: 5, y: 5 });
  const found = problemsOf(document).byNode.get("fetch") ?? [];
  assert.ok(found.some(({ code, message }) => code === "unknown_variable" && message.includes("start")));
});

test("text that is no piece of a workflow is not pasted", () => {
  for (const text of ["", "hello", "{}", '{"format":"millrace/1","nodes":[]}', '{"format":"millrace/1","nodes":[1]}'])
    assert.equal(readFragment(text), null);
});

test("an edge may not close a cycle, cross a container, enter Start or stand twice", () => {
  assert.equal(refusal(NEWS, "summary", "out", "fetch"), "cycle");
  assert.equal(refusal(NEWS, "fetch", "out", "page"), "container");
  assert.equal(refusal(NEWS, "fetch", "out", "start"), "entry");
  assert.equal(refusal(NEWS, "fetch", "out", "check"), "there");
  assert.equal(refusal(NEWS, "fetch", "out", "fetch"), "itself");
  assert.equal(refusal(NEWS, "fetch", "sideways", "summary"), "none");
  assert.deepEqual(
    legalTargets(NEWS, "check", "else").map(({ id }) => id),
    ["shape", "each", "summary", "end"],
  );
  const cut = disconnect(NEWS, [], { from: "check", port: "else", to: "other" });
  assert.equal(refusal(cut, "check", "else", "other"), null);
});

test("what is no place in a draft is as if there were none, and a move writes places for all", () => {
  const wrong = { ...NEWS, layout: { fetch: { x: 0, y: 0 }, check: "left", summary: [1], start: [0, 0] } } as unknown as WorkflowDocument;
  for (const { x, y } of placedAt(wrong, []).boxes.values()) assert.ok(Number.isFinite(x) && Number.isFinite(y));
  const moved = moveNodes(wrong, ["fetch"], { x: 10, y: 10 });
  for (const { id } of moved.nodes) assert.ok(moved.layout?.[id]?.every(Number.isFinite), id);
});

test("nothing is where something else is after tidying up, in bodies too, and a second time changes nothing", () => {
  const tidy = tidyUp(NEWS);
  assert.equal(textOf(tidyUp(tidy)), textOf(tidy));
  for (const containers of [[], ["each"]]) {
    const boxes = [...placedAt(tidy, containers).boxes.values()];
    for (const [index, left] of boxes.entries())
      for (const right of boxes.slice(index + 1))
        assert.ok(
          left.x + left.width <= right.x ||
            right.x + right.width <= left.x ||
            left.y + left.height <= right.y ||
            right.y + right.height <= left.y,
        );
  }
});
