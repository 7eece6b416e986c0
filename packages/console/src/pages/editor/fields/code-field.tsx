import {
  acceptCompletion,
  autocompletion,
  type CompletionSource,
  closeBrackets,
  completionKeymap,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, placeholder as placeholderText, tooltips } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { SHORTCUTS } from "#app/shortcuts.ts";
import { chips } from "#pages/editor/fields/chips.ts";
import { codeTheme, highlighting } from "#pages/editor/fields/code-theme.ts";

export type CodeLanguage = "template" | "javascript" | "json" | "text";

export interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly language: CodeLanguage;
  /** One line: Enter is not for it. */
  readonly single?: boolean;
  readonly complete?: CompletionSource;
  readonly faults?: readonly {
    readonly start: number;
    readonly end: number;
    readonly message: string;
    readonly level: "error" | "warning";
  }[];
  readonly placeholder?: string;
  readonly invalid?: boolean;
  readonly readOnly?: boolean;
  readonly onUndo?: () => void;
  readonly onRedo?: () => void;
  /** A number that grows when the field is to be focused. */
  readonly focusAt?: number | undefined;
}

/**
 * A text with completion and marked faults. It stands in a shadow root of its own: the policy of the page allows no styles but those of
 * its files, and adopted sheets are none of the page's.
 */
export function CodeField(props: CodeFieldProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const live = useRef(props);
  live.current = props;
  const { value, faults = NO_FAULTS, label, invalid = false, focusAt } = props;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: live.current.value, extensions: extensionsFor(live) }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(faults, editor.state.doc.length)));
  }, [faults]);
  useEffect(() => {
    view.current?.dispatch({ effects: attributes.reconfigure(attributesOf(label, invalid)) });
  }, [label, invalid]);
  useEffect(() => {
    const editor = view.current;
    if (focusAt === undefined || !editor) return;
    editor.focus();
    // An expression that has just been begun is written between its braces.
    if (editor.state.doc.toString() === EMPTY_EXPRESSION) editor.dispatch({ selection: { anchor: 3 } });
  }, [focusAt]);
  return <div ref={host} className={`rounded-md border bg-surface ${invalid ? "border-bad" : "border-line"}`} />;
}

const NO_FAULTS: NonNullable<CodeFieldProps["faults"]> = [];

const attributes = new Compartment();

function attributesOf(label: string, invalid: boolean): Extension {
  return EditorView.contentAttributes.of({ "aria-label": label, ...(invalid && { "aria-invalid": "true" }) });
}

function diagnosticsOf(faults: NonNullable<CodeFieldProps["faults"]>, length: number): Diagnostic[] {
  return faults.map(({ start, end, message, level }) => {
    const from = Math.min(start, length);
    return { from, to: Math.min(Math.max(end, from + 1), length), severity: level, message };
  });
}

const LANGUAGES: Readonly<Record<CodeLanguage, () => Extension>> = {
  template: () => chips,
  javascript: () => [javascript({ typescript: true }), bracketMatching(), closeBrackets(), lineNumbers()],
  json: () => [json(), bracketMatching(), closeBrackets()],
  text: () => [],
};

function extensionsFor(live: { readonly current: CodeFieldProps }): Extension[] {
  const { language, single = false, placeholder, readOnly = false, label, invalid = false, complete } = live.current;
  const undo = { key: "Mod-z", run: () => called(live.current.onUndo), preventDefault: true };
  const redo = ["Mod-Shift-z", "Mod-y"].map((key) => ({ key, run: () => called(live.current.onRedo), preventDefault: true }));
  return [
    codeTheme,
    syntaxHighlighting(highlighting),
    attributes.of(attributesOf(label, invalid)),
    tooltips({ position: "fixed" }),
    keymap.of([
      undo,
      ...redo,
      { key: "Tab", run: acceptCompletion },
      ...completionKeymap,
      ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
      ...(language === "javascript" || language === "json" ? [indentWithTab] : []),
    ]),
    ...(complete ? [autocompletion({ override: [(context) => live.current.complete?.(context) ?? null], icons: false })] : []),
    replaced,
    ...(language === "template" ? [braces, equals] : []),
    LANGUAGES[language](),
    ...(single ? [EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change))] : [EditorView.lineWrapping]),
    ...(placeholder ? [placeholderText(placeholder)] : []),
    EditorState.readOnly.of(readOnly),
    EditorView.updateListener.of((update) => {
      const text = update.state.doc.toString();
      if (update.docChanged && text !== live.current.value) live.current.onChange(text);
    }),
  ];
}

function called(work: (() => void) | undefined): boolean {
  work?.();
  return work !== undefined;
}

/** The second brace brings its partners, and the picker. */
const braces = EditorView.inputHandler.of((view, from, to, text) => {
  if (text !== "{" || view.state.sliceDoc(from - 1, from) !== "{") return false;
  view.dispatch({ changes: { from, to, insert: "{  }}" }, selection: { anchor: from + 2 }, userEvent: "input.type" });
  startCompletion(view);
  return true;
});

/** The first letter of a field that says: what follows is an expression. */
const equals = EditorView.inputHandler.of((view, _from, _to, text) => {
  if (text !== EXPRESSION || view.state.doc.length > 0) return false;
  view.dispatch({ changes: { from: 0, insert: EMPTY_EXPRESSION }, selection: { anchor: 3 }, userEvent: "input.type" });
  startCompletion(view);
  return true;
});

const [EXPRESSION] = SHORTCUTS["field.expression"].keys;
const EMPTY_EXPRESSION = "{{  }}";

/** Typed over a selection. The browser would keep the look of what it replaces by a style of its own, which the page's policy refuses. */
const replaced = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});
