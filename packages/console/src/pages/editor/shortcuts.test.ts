import assert from "node:assert/strict";
import { test } from "node:test";
import { EDITOR_SHORTCUTS, type EditorShortcut, shortcutOf } from "#pages/editor/shortcuts.ts";

/** The event that a keyboard sends for `Mod+Shift+Z`. */
function pressed(text: string, more: object = {}) {
  const parts = text === "+" ? ["+"] : text.split("+");
  const has = (name: string) => parts.slice(0, -1).includes(name);
  return {
    key: parts.at(-1) ?? "",
    ctrlKey: has("Mod"),
    metaKey: false,
    shiftKey: has("Shift"),
    altKey: has("Alt"),
    isComposing: false,
    ...more,
  };
}

test("C22: every row of the table means what it says, and no two mean the same", () => {
  for (const [name, keys] of Object.entries(EDITOR_SHORTCUTS))
    for (const text of keys) assert.equal(shortcutOf(pressed(text), false), name);
});

test("C22: nothing is meant while an input method composes, and what would change a text not while one is written", () => {
  for (const [name, keys] of Object.entries(EDITOR_SHORTCUTS)) {
    const [text = ""] = keys;
    assert.equal(shortcutOf(pressed(text, { isComposing: true }), false), null);
    const global: readonly EditorShortcut[] = ["runDraft", "save", "publish", "problems"];
    assert.equal(shortcutOf(pressed(text), true), global.includes(name as EditorShortcut) ? name : null);
  }
});

test("⌘ is as good as Ctrl, and a letter with other keys is no shortcut", () => {
  assert.equal(shortcutOf(pressed("z", { metaKey: true }), false), "undo");
  assert.equal(shortcutOf(pressed("a", { shiftKey: true }), false), null);
  assert.equal(shortcutOf(pressed("q"), false), null);
});
