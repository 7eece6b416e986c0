// The editor's rows of the shortcut table: handlers and the sheet read the same ones.

/** `Mod` is Ctrl, and ⌘ on a Mac. */
export const EDITOR_SHORTCUTS = {
  add: ["Tab", "A"],
  connect: ["C"],
  rename: ["F2"],
  duplicate: ["Mod+D"],
  delete: ["Delete", "Backspace"],
  copy: ["Mod+C"],
  cut: ["Mod+X"],
  paste: ["Mod+V"],
  selectAll: ["Mod+A"],
  undo: ["Mod+Z"],
  redo: ["Mod+Shift+Z", "Mod+Y"],
  find: ["Mod+F"],
  left: ["ArrowLeft"],
  right: ["ArrowRight"],
  up: ["ArrowUp"],
  down: ["ArrowDown"],
  farLeft: ["Shift+ArrowLeft"],
  farRight: ["Shift+ArrowRight"],
  farUp: ["Shift+ArrowUp"],
  farDown: ["Shift+ArrowDown"],
  walkLeft: ["Alt+ArrowLeft"],
  walkRight: ["Alt+ArrowRight"],
  walkUp: ["Alt+ArrowUp"],
  walkDown: ["Alt+ArrowDown"],
  tidy: ["Shift+L"],
  fit: ["1"],
  actualSize: ["0"],
  zoomIn: ["+", "="],
  zoomOut: ["-"],
  hand: ["H"],
  select: ["V"],
  minimap: ["M"],
  outline: ["O"],
  runDraft: ["Mod+Enter"],
  runNode: ["Alt+Enter"],
  pin: ["P"],
  save: ["Mod+S"],
  publish: ["Mod+Shift+P"],
  problems: ["Mod+Shift+M"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type EditorShortcut = keyof typeof EDITOR_SHORTCUTS;

/** Those that work while somebody types: they do nothing to text. */
const WHILE_TYPING: ReadonlySet<EditorShortcut> = new Set(["runDraft", "save", "publish", "problems"]);

interface KeyLike {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

/** The shortcut that the keys mean; null for none, while an input method composes, and while somebody types. */
export function shortcutOf(event: KeyLike, typing: boolean): EditorShortcut | null {
  if (event.isComposing || event.key === "Process") return null;
  const found = (Object.entries(EDITOR_SHORTCUTS) as [EditorShortcut, readonly string[]][]).find(([, keys]) =>
    keys.some((text) => matches(event, text)),
  );
  if (!found || (typing && !WHILE_TYPING.has(found[0]))) return null;
  return found[0];
}

function matches(event: KeyLike, text: string): boolean {
  const parts = text === "+" ? ["+"] : text.split("+");
  const key = parts.at(-1) ?? "";
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  if ((event.ctrlKey || event.metaKey) !== wants("Mod") || event.altKey !== wants("Alt")) return false;
  // Signs are typed with whatever keys a keyboard needs for them.
  const isSign = key.length === 1 && !/[A-Za-z]/.test(key);
  if (!isSign && event.shiftKey !== wants("Shift")) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Is the text of a field being written? */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) || target.shadowRoot !== null;
}
