import type { Words, WorkflowDocument } from "@millrace/contract";
import { placesOf } from "#pages/editor/model/document.ts";
import type { DocumentProblems } from "#pages/editor/model/problems.ts";
import { problemsOf } from "#pages/editor/model/problems.ts";
import { begun, type CommandLabel, type EditState, isSaved, performed, redone, type Stack, undone } from "#pages/editor/model/stack.ts";

// One editor's state, outside of React: what is edited, what is selected, where the draft stands with the server. Components read it by
// `useEditor`, and change it by the methods here alone.

/** What became of the last edits. */
export type SaveState =
  | { readonly kind: "saved"; readonly at: number }
  | { readonly kind: "saving" }
  | { readonly kind: "offline" }
  | { readonly kind: "refused"; readonly error: unknown }
  | { readonly kind: "conflict"; readonly conflict: Conflict };

/** Somebody else saved first. */
export interface Conflict {
  readonly revision: number;
  readonly savedAt: number | null;
  readonly savedBy: string | null;
  /** The draft that the server has. */
  readonly theirs: WorkflowDocument;
  /** The document that both began with. */
  readonly base: WorkflowDocument;
}

/** A field to be focused, asked for by the list of problems. */
export interface FocusWish {
  readonly nodeId: string;
  readonly field: readonly string[];
  readonly number: number;
}

export interface EditorState {
  readonly workflowId: string;
  readonly edit: EditState;
  /** Of the draft on the server that `edit.saved` stands for. */
  readonly revision: number;
  /** Sent to be saved, by this page or the one before it, without an answer: the server may have each of them, or get it yet. */
  readonly unanswered: readonly WorkflowDocument[];
  readonly save: SaveState;
  readonly selection: ReadonlySet<string>;
  /** Of the document as it was a moment ago. */
  readonly problems: DocumentProblems;
  readonly focus: FocusWish | null;
}

/** From the last edit to the search for problems: no letter waits for it. */
const QUIET_MS = 80;
/** While edits go on without a pause. A fault is underlined within 200 ms. */
const LONGEST_WAIT_MS = 150;

/** Of a server that takes long to answer: more are told as a conflict. */
const MAX_UNANSWERED = 3;

type Listener = () => void;

export interface Opened {
  readonly workflowId: string;
  readonly document: WorkflowDocument;
  readonly revision: number;
  readonly savedAt: number;
  /** Whoever has it open may only look: it changes as others save it. */
  readonly locked?: boolean;
}

/** What a journal of an older build kept has no `unanswered`. */
type FormerStack = Stack & Partial<Pick<EditorState, "unanswered">>;

export class EditorStore {
  #state: EditorState;
  /** What the server has as `revision`. */
  #base: WorkflowDocument;
  #search: ReturnType<typeof setTimeout> | undefined;
  #searchBy: number | null = null;
  #words: Words | undefined;
  readonly locked: boolean;
  readonly #listeners = new Set<Listener>();

  constructor({ workflowId, document, revision, savedAt, locked = false }: Opened) {
    this.locked = locked;
    this.#base = document;
    this.#state = {
      workflowId,
      edit: begun(document),
      revision,
      unanswered: [],
      save: { kind: "saved", at: savedAt },
      selection: new Set(),
      problems: problemsOf(document),
      focus: null,
    };
  }

  readonly subscribe = (listener: Listener): Listener => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): EditorState => this.#state;

  get document(): WorkflowDocument {
    return this.#state.edit.document;
  }

  /** The document that the server had last, as far as this editor knows. */
  get base(): WorkflowDocument {
    return this.#base;
  }

  #set(change: Partial<EditorState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /**
   * Does something to the document, on the one stack.
   * @param command the document after it; the same document where there is nothing to do
   */
  run(label: CommandLabel, command: (document: WorkflowDocument) => WorkflowDocument, select?: readonly string[]): void {
    if (this.locked) return;
    const edit = performed(this.#state.edit, command(this.document), label, Date.now());
    if (edit === this.#state.edit) return;
    this.#edited(edit, select && { selection: new Set(select) });
  }

  undo(): void {
    if (!this.locked) this.#edited(undone(this.#state.edit));
  }

  redo(): void {
    if (!this.locked) this.#edited(redone(this.#state.edit));
  }

  #edited(edit: EditState, change: Partial<EditorState> = {}): void {
    if (edit === this.#state.edit) return;
    this.#set({ edit, selection: this.#stillThere(edit.document), ...change });
    this.#searchLater();
  }

  #searchLater(): void {
    const now = Date.now();
    this.#searchBy ??= now + LONGEST_WAIT_MS;
    clearTimeout(this.#search);
    this.#search = setTimeout(this.#searchNow, Math.max(0, Math.min(QUIET_MS, this.#searchBy - now)));
  }

  readonly #searchNow = (): void => {
    clearTimeout(this.#search);
    this.#searchBy = null;
    const problems = problemsOf(this.document, this.#state.problems, this.#words);
    if (problems !== this.#state.problems) this.#set({ problems });
  };

  /** Problems are told in these words from now on; undefined: in English. */
  tellIn(words: Words | undefined): void {
    if (words === this.#words) return;
    this.#words = words;
    this.#searchNow();
  }

  /** What is selected, without nodes that are gone. */
  #stillThere(document: WorkflowDocument): ReadonlySet<string> {
    const { selection } = this.#state;
    const places = placesOf(document);
    return [...selection].every((id) => places.has(id)) ? selection : new Set([...selection].filter((id) => places.has(id)));
  }

  select(ids: Iterable<string>): void {
    const selection = new Set(ids);
    const now = this.#state.selection;
    if (selection.size === now.size && [...selection].every((id) => now.has(id))) return;
    this.#set({ selection });
  }

  focus(nodeId: string, field: readonly string[]): void {
    this.#set({ selection: new Set([nodeId]), focus: { nodeId, field, number: (this.#state.focus?.number ?? 0) + 1 } });
  }

  isSaved(): boolean {
    return isSaved(this.#state.edit);
  }

  /** The document is on its way to the server. */
  sending(): void {
    const unanswered = [...this.#state.unanswered.filter((document) => document !== this.document), this.document].slice(-MAX_UNANSWERED);
    const { save } = this.#state;
    this.#set({ unanswered, save: save.kind === "offline" ? save : { kind: "saving" } });
  }

  /** The server has the document of this position as this revision. */
  saved(position: number, document: WorkflowDocument, revision: number, at: number): void {
    const { edit } = this.#state;
    // Undo, and another edit after it, may have taken that position from the stack in the meantime.
    this.#base = document;
    const isThere = edit.position === position ? edit.document === document : position <= edit.entries.length;
    this.#set({ edit: { ...edit, saved: isThere ? position : -1 }, revision, unanswered: [], save: { kind: "saved", at } });
  }

  failed(save: SaveState): void {
    this.#set({ save });
  }

  /** The own document goes on, as an edit of what the others saved. */
  rebase(revision: number, theirs: WorkflowDocument, savedAt: number): void {
    this.#base = theirs;
    this.#set({ edit: { ...this.#state.edit, saved: -1 }, revision, save: { kind: "saved", at: savedAt } });
  }

  /** What the others saved becomes the document, as one step that can be taken back. */
  takeTheirs(theirs: WorkflowDocument, revision: number, savedAt: number): void {
    this.#base = theirs;
    const edit = performed(this.#state.edit, theirs, { label: "theirs" }, Date.now());
    this.#edited({ ...edit, saved: edit.position }, { revision, save: { kind: "saved", at: savedAt } });
  }

  /** The stack of a former page, with the document that it led to and the revision that its saved position stands for. */
  restore(document: WorkflowDocument, { entries, position, saved, unanswered = [] }: FormerStack, revision: number): void {
    this.#edited({ document, entries, position, saved }, { revision, unanswered });
  }
}
