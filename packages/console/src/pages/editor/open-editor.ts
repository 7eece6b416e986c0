import { type Draft, getDraft } from "#api/drafts.ts";
import { type Kept, keepJournal, readJournal, sweepJournals } from "#pages/editor/journal.ts";
import { isSame } from "#pages/editor/model/document.ts";
import { Saver } from "#pages/editor/saver.ts";
import { EditorStore } from "#pages/editor/store.ts";

/** An editor of one workflow: its store, and what saves it. Closed with the page; another workflow gets another one. */
export interface Editor {
  readonly draft: Draft;
  readonly store: EditorStore;
  readonly saver: Saver;
  /** Edits of a former page that the server does not have were put back. */
  readonly restored: Kept | null;
  readonly close: () => void;
}

/** `locked`: nothing can be changed, and nothing is put back that was. */
export async function openEditor(workflowId: string, locked: boolean, signal: AbortSignal): Promise<Editor> {
  const [draft, kept] = await Promise.all([getDraft(workflowId, signal), readJournal(workflowId)]);
  const store = new EditorStore({
    workflowId: draft.id,
    document: draft.document,
    revision: draft.revision,
    savedAt: draft.saved?.savedAt ?? draft.updatedAt,
    locked,
  });
  const restored = locked ? null : takeUp(store, draft, kept);
  signal.throwIfAborted();
  const unsubscribe = keepJournal(store);
  const saver = new Saver(store);
  void sweepJournals();
  return {
    draft,
    store,
    saver,
    restored,
    close: () => {
      saver.now();
      saver.stop();
      unsubscribe();
    },
  };
}

/**
 * Goes on from the journal. Of the same revision it has the stack too. What was not saved while others saved is put over theirs as an edit
 * from the revision that it began with: the save that follows is refused, and a person decides.
 */
function takeUp(store: EditorStore, draft: Draft, kept: Kept | null): Kept | null {
  if (!kept) return null;
  const { unanswered = [] } = kept;
  if (isSame(kept.document, draft.document)) {
    store.restore(kept.document, { ...kept, saved: kept.position }, draft.revision);
    return null;
  }
  const unsaved = kept.position !== kept.saved;
  const isCurrent = kept.revision === draft.revision;
  if (!isCurrent && !unsaved) return null;
  // What a page sent as it was left may have arrived, though nobody told the journal.
  const isOurs = !isCurrent && unanswered.some((document) => isSame(document, draft.document));
  const stack = isCurrent ? kept : { ...kept, saved: -1 };
  store.restore(kept.document, stack, isOurs ? draft.revision : kept.revision);
  return unsaved ? kept : null;
}
