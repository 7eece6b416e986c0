import { useEffect, useRef } from "react";
import { choices } from "#app/choices.ts";

// The one table of shortcuts: handlers look here for their keys, and the sheet behind `?` shows what is here.

export type Scope = "everywhere" | "runs" | "add" | "edit" | "move" | "run";

export interface Shortcut {
  readonly scope: Scope;
  /** One of these: `k`, `Ctrl+K` (⌘ on a Mac), `Shift+L`, `Alt+ArrowUp`. Ctrl+Shift is written `Ctrl+Shift+P`. */
  readonly keys: readonly string[];
}

export const SHORTCUTS = {
  "search.open": { scope: "everywhere", keys: ["Ctrl+K"] },
  "sheet.open": { scope: "everywhere", keys: ["?"] },
  // Of dialogs and menus, which see to it themselves.
  "page.close": { scope: "everywhere", keys: ["Escape"] },
  "runs.next": { scope: "runs", keys: ["j"] },
  "runs.previous": { scope: "runs", keys: ["k"] },
  "runs.open": { scope: "runs", keys: ["Enter"] },
  "runs.replay": { scope: "runs", keys: ["r"] },
  "runs.filter": { scope: "runs", keys: ["f"] },
  "editor.add": { scope: "add", keys: ["Tab", "A"] },
  "editor.connect": { scope: "add", keys: ["C"] },
  "editor.rename": { scope: "add", keys: ["F2"] },
  "editor.duplicate": { scope: "add", keys: ["Ctrl+D"] },
  "editor.delete": { scope: "add", keys: ["Delete", "Backspace"] },
  "editor.copy": { scope: "edit", keys: ["Ctrl+C"] },
  "editor.cut": { scope: "edit", keys: ["Ctrl+X"] },
  "editor.paste": { scope: "edit", keys: ["Ctrl+V"] },
  "editor.selectAll": { scope: "edit", keys: ["Ctrl+A"] },
  "editor.undo": { scope: "edit", keys: ["Ctrl+Z"] },
  "editor.redo": { scope: "edit", keys: ["Ctrl+Shift+Z", "Ctrl+Y"] },
  "editor.find": { scope: "edit", keys: ["Ctrl+F"] },
  // Inside of a field.
  "field.expression": { scope: "edit", keys: ["="] },
  "editor.move": { scope: "move", keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] },
  "editor.moveFar": { scope: "move", keys: ["Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown"] },
  "editor.walk": { scope: "move", keys: ["Alt+ArrowLeft", "Alt+ArrowRight", "Alt+ArrowUp", "Alt+ArrowDown"] },
  "editor.tidy": { scope: "move", keys: ["Shift+L"] },
  "editor.fit": { scope: "move", keys: ["1"] },
  "editor.actualSize": { scope: "move", keys: ["0"] },
  "editor.zoomIn": { scope: "move", keys: ["+"] },
  "editor.zoomOut": { scope: "move", keys: ["-"] },
  "editor.hand": { scope: "move", keys: ["H"] },
  "editor.select": { scope: "move", keys: ["V"] },
  "editor.minimap": { scope: "move", keys: ["M"] },
  "editor.outline": { scope: "move", keys: ["O"] },
  // Held: they end when the key is let go.
  "editor.pan": { scope: "move", keys: ["Space"] },
  "editor.links": { scope: "move", keys: ["Shift"] },
  "editor.run": { scope: "run", keys: ["Ctrl+Enter"] },
  "editor.runNode": { scope: "run", keys: ["Alt+Enter"] },
  "editor.pin": { scope: "run", keys: ["P"] },
  "editor.save": { scope: "run", keys: ["Ctrl+S"] },
  "editor.publish": { scope: "run", keys: ["Ctrl+Shift+P"] },
  "editor.problems": { scope: "run", keys: ["Ctrl+Shift+M"] },
} as const satisfies Readonly<Record<string, Shortcut>>;

export type ShortcutId = keyof typeof SHORTCUTS;

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Was it these keys? Shift is not looked at where the key itself is a sign that needs it (`?`, `+`). */
export function isPressed(event: Pressed, keys: string): boolean {
  if (keys === "Shift") return event.key === "Shift" && !event.ctrlKey && !event.metaKey && !event.altKey;
  const parts = keys === "+" ? ["+"] : keys.split("+");
  const key = parts.at(-1) ?? "";
  const control = parts.includes("Ctrl");
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (control !== (event.ctrlKey || event.metaKey) || parts.includes("Alt") !== event.altKey) return false;
  if (!isSign && parts.includes("Shift") !== event.shiftKey) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

const SINGLE_KEYS = "millrace.single_keys";

/** Shortcuts of one letter can be switched off: they are in the way of speech input. */
export const singleKeys = {
  on: () => choices.get(SINGLE_KEYS) !== "off",
  set: (on: boolean) => choices.set(SINGLE_KEYS, on ? null : "off"),
};

function isSingle(keys: string): boolean {
  return keys.length === 1;
}

/** Does the event go to where one types? Fields inside of a shadow root count too. */
export function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** An input method is composing: 229 is what browsers say that do not say isComposing. */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** The shortcut that an event is, of those that are handled; null while one types or composes. */
function shortcutOf(event: KeyboardEvent, handled: readonly ShortcutId[]): ShortcutId | null {
  if (event.defaultPrevented || isComposing(event) || isTyping(event)) return null;
  const found = handled.find((id) => SHORTCUTS[id].keys.some((keys) => isPressed(event, keys) && (singleKeys.on() || !isSingle(keys))));
  return found ?? null;
}

export function onMac(): boolean {
  return navigator.platform.startsWith("Mac");
}

export type Handlers = Partial<Readonly<Record<ShortcutId, (event: KeyboardEvent) => void>>>;

/**
 * While the component is there, these shortcuts do what it says. Enter by itself stays what it is on a link or a button.
 * @param when leaves keys to whatever else they are for where it says no
 */
export function useShortcuts(handlers: Handlers, when: (event: KeyboardEvent) => boolean = () => true): void {
  const latest = useRef({ handlers, when });
  latest.current = { handlers, when };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const id = shortcutOf(event, Object.keys(latest.current.handlers) as ShortcutId[]);
      if (id === null || (isPressed(event, "Enter") && isOperable(event)) || !latest.current.when(event)) return;
      event.preventDefault();
      latest.current.handlers[id]?.(event);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

function isOperable(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLElement && target.closest("a, button, summary, [role=dialog], [role=menu]") !== null;
}
