import assert from "node:assert/strict";
import { test } from "node:test";
import { isComposing, isPressed, type Pressed, SHORTCUTS } from "#app/shortcuts.ts";

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test("keys are what was pressed, no more and no less", () => {
  assert.ok(isPressed(press("k"), "k"));
  assert.ok(isPressed(press("k", { ctrlKey: true }), "Ctrl+K"));
  assert.ok(isPressed(press("k", { metaKey: true }), "Ctrl+K"));
  assert.ok(isPressed(press("P", { ctrlKey: true, shiftKey: true }), "Ctrl+Shift+P"));
  assert.ok(isPressed(press("ArrowUp", { altKey: true }), "Alt+ArrowUp"));
  assert.ok(!isPressed(press("k", { ctrlKey: true }), "k"));
  assert.ok(!isPressed(press("k", { shiftKey: true }), "k"));
  assert.ok(!isPressed(press("p", { ctrlKey: true }), "Ctrl+Shift+P"));
});

test("a sign is itself, whatever the keyboard needs for it", () => {
  assert.ok(isPressed(press("?", { shiftKey: true }), "?"));
  assert.ok(isPressed(press("?"), "?"));
  assert.ok(isPressed(press("+", { shiftKey: true }), "+"));
});

test("an input method composes: by either sign of it", () => {
  assert.ok(isComposing({ isComposing: true, keyCode: 13 }));
  assert.ok(isComposing({ isComposing: false, keyCode: 229 }));
  assert.ok(!isComposing({ isComposing: false, keyCode: 13 }));
});

test("no two shortcuts of one scope, or of one scope and everywhere, share their keys", () => {
  const rows = Object.values(SHORTCUTS).flatMap(({ scope, keys }) => keys.map((one: string) => ({ scope, key: one.toLowerCase() })));
  for (const { scope, key } of rows) {
    assert.equal(rows.filter((row) => row.key === key && (row.scope === scope || row.scope === "everywhere")).length, 1, `${scope} ${key}`);
  }
});
