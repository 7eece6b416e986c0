import assert from "node:assert/strict";
import { test } from "node:test";
import { setMember } from "#pages/editor/model/commands.ts";
import type { DocumentProblems } from "#pages/editor/model/problems.ts";
import { EditorStore } from "#pages/editor/store.ts";
import { NEWS } from "#pages/editor/testing/documents.ts";

/** A store with the faults that it came to, one after the other. */
function opened() {
  const store = new EditorStore({ workflowId: "w", document: NEWS, revision: 1, savedAt: 0 });
  const found: DocumentProblems[] = [];
  store.subscribe(() => {
    const { problems } = store.get();
    if (problems !== found.at(-1)) found.push(problems);
  });
  const write = (text: string) =>
    store.run({ label: "field", key: "summary text" }, (document) => setMember(document, "summary", ["text"], text));
  write("{{ fetch.body }}");
  found.length = 1;
  return { store, found, write };
}

const messages = (problems: DocumentProblems | undefined) => problems?.list.map(({ message }) => message);

test("letters that follow one another are searched for problems once, after the last of them", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { store, found, write } = opened();
  t.mock.timers.tick(1_000);
  for (const letters of ["n", "no", "non", "none"]) {
    write(`{{ ${letters} }}`);
    t.mock.timers.tick(20);
  }
  t.mock.timers.tick(59);
  assert.deepEqual(store.get().problems.list, []);
  t.mock.timers.tick(1);
  assert.deepEqual(messages(store.get().problems), ['There is no variable "none" here.']);
  t.mock.timers.tick(1_000);
  assert.equal(found.length, 2);
});

test("C16: who writes on without a pause is told of a fault within 200 ms", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { store, write } = opened();
  t.mock.timers.tick(1_000);
  for (let letters = 1; letters <= 8; letters += 1) {
    write(`{{ none }} ${"x".repeat(letters)}`);
    t.mock.timers.tick(25);
  }
  assert.deepEqual(messages(store.get().problems), ['There is no variable "none" here.']);
});

test("a letter that changes no problem leaves the same problems, and what others have stays the same object", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { store, write } = opened();
  store.run({ label: "field" }, (document) => setMember(document, "shape", ["inputs", "body"], "{{ nothing.body }}"));
  t.mock.timers.tick(1_000);
  const before = store.get().problems;
  assert.ok(before.byNode.has("shape"));
  write("another text");
  t.mock.timers.tick(1_000);
  assert.equal(store.get().problems, before);
  write("{{ none }}");
  t.mock.timers.tick(1_000);
  const after = store.get().problems;
  assert.deepEqual([...after.byNode.keys()].toSorted(), ["shape", "summary"]);
  assert.equal(after.byNode.get("shape"), before.byNode.get("shape"));
});
