import type { Json, WorkflowDocument } from "@millrace/contract";
import { applyPatch, diff, inverse, type Patch } from "#pages/editor/model/patch.ts";

// The one stack of commands. Every change of the document goes through `run`; undo and redo walk it.

/** Steps that can be taken back. */
const MAX_STEPS = 500;

export interface Entry {
  /** What was done: a key of the folder's texts. */
  readonly label: string;
  readonly patch: Patch;
  /** Commands with the same key, close after one another, are one step: the letters of a field. */
  readonly key: string | null;
  readonly at: number;
}

/** What is kept over a reload: enough to walk in both directions from the document that the server has. */
export interface Stack {
  readonly entries: readonly Entry[];
  /** Entries that are done; those behind it can be redone. */
  readonly position: number;
  /** Position of what was saved last. */
  readonly saved: number;
}

export interface EditState extends Stack {
  readonly document: WorkflowDocument;
}

export interface CommandLabel {
  readonly label: string;
  readonly key?: string;
}

/** Two edits of one field within this time are one step. */
const COALESCE_MS = 1_500;

const EMPTY_STACK: Stack = { entries: [], position: 0, saved: 0 };

export function begun(document: WorkflowDocument): EditState {
  return { document, ...EMPTY_STACK };
}

/** The state after a command; the same state where the command changed nothing. */
export function performed(
  state: EditState,
  document: WorkflowDocument,
  { label, key = null as string | null }: { label: string; key?: string | null },
  now: number,
): EditState {
  const patch = diff(state.document as unknown as Json, document as unknown as Json);
  if (patch.length === 0) return state;
  const done = state.entries.slice(0, state.position);
  const last = done.at(-1);
  const joins = key !== null && last?.key === key && now - last.at <= COALESCE_MS && state.saved !== state.position;
  if (joins && last) return joined(state, document, done, last, now);
  const all = [...done, { label, patch, key, at: now }];
  const dropped = Math.max(0, all.length - MAX_STEPS);
  // What was saved lies among the steps that are given up: no position stands for it any more.
  const saved = state.saved > state.position ? -1 : state.saved - dropped;
  return { document, entries: all.slice(dropped), position: all.length - dropped, saved };
}

/** The field's new letters and its former ones are one patch, found against the document before both. */
function joined(state: EditState, document: WorkflowDocument, done: readonly Entry[], last: Entry, now: number): EditState {
  const before = applyPatch(state.document as unknown as Json, inverse(last.patch));
  const patch = diff(before, document as unknown as Json);
  return { ...state, document, entries: [...done.slice(0, -1), { ...last, patch, at: now }], position: done.length };
}

export function undone(state: EditState): EditState {
  const entry = state.entries[state.position - 1];
  if (!entry) return state;
  return { ...state, document: patched(state.document, inverse(entry.patch)), position: state.position - 1 };
}

export function redone(state: EditState): EditState {
  const entry = state.entries[state.position];
  if (!entry) return state;
  return { ...state, document: patched(state.document, entry.patch), position: state.position + 1 };
}

function patched(document: WorkflowDocument, patch: Patch): WorkflowDocument {
  return applyPatch(document as unknown as Json, patch) as unknown as WorkflowDocument;
}

/** The document of the saved position walked to the current one: what a reload begins with. Null where the two do not fit. */
export function resumed(saved: WorkflowDocument, stack: Stack): EditState | null {
  if (stack.saved < 0 || stack.saved > stack.entries.length || stack.position > stack.entries.length) return null;
  try {
    let state: EditState = { ...stack, document: saved, position: stack.saved };
    while (state.position < stack.position) state = redone(state);
    while (state.position > stack.position) state = undone(state);
    return state;
  } catch {
    return null;
  }
}

export function isSaved(state: EditState): boolean {
  return state.position === state.saved;
}
