import { ApiError, UnreachableError } from "#api/client.ts";
import { conflictOf, type Draft, getDraft, saveDraft } from "#api/drafts.ts";
import { isSame } from "#pages/editor/model/document.ts";
import type { Conflict, EditorStore } from "#pages/editor/store.ts";

// Saves the draft by itself: soon after the last change, one save at a time, each with the revision that it started from. What cannot be
// sent is tried again until it can; what somebody else's save stands against waits for a person.

/** From the last change to the save. */
const QUIET_MS = 400;
/** While changes go on without a pause. */
const LONGEST_WAIT_MS = 2_000;
const RETRY_MS = 2_000;

export class Saver {
  readonly #store: EditorStore;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitingSince: number | null = null;
  #sending = false;
  #stopped = false;
  #sent: Promise<void> = Promise.resolve();
  readonly #unsubscribe: () => void;

  constructor(store: EditorStore) {
    this.#store = store;
    let last = store.get().edit;
    this.#unsubscribe = store.subscribe(() => {
      const { edit } = store.get();
      if (edit.document === last.document && edit.saved === last.saved) return;
      last = edit;
      if (!store.isSaved()) this.#later();
    });
    if (!store.isSaved()) this.#later();
    window.addEventListener("online", this.now);
    // The page is left by an address or a reload: what was typed last goes out with it.
    window.addEventListener("pagehide", this.now);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    window.removeEventListener("online", this.now);
    window.removeEventListener("pagehide", this.now);
  }

  #later(waitMs = QUIET_MS): void {
    if (this.#isHeld()) return;
    const now = Date.now();
    this.#waitingSince ??= now;
    const left = Math.max(0, this.#waitingSince + LONGEST_WAIT_MS - now);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.now, Math.min(waitMs, Math.max(left, waitMs === QUIET_MS ? 0 : waitMs)));
  }

  /** A conflict waits for a person. */
  #isHeld(): boolean {
    return this.#stopped || this.#store.get().save.kind === "conflict";
  }

  /** Saves at once, where there is something to save. */
  readonly now = (): void => {
    clearTimeout(this.#timer);
    if (this.#sending || this.#isHeld() || this.#store.isSaved()) return;
    this.#waitingSince = null;
    this.#sent = this.#send();
  };

  /** Resolves once the server has the document as it is now. @throws where it cannot have it */
  async flush(): Promise<void> {
    this.now();
    await this.#sent;
    if (!this.#store.isSaved() && this.#store.get().save.kind === "saved") return this.flush();
    const { save } = this.#store.get();
    if (save.kind === "refused") throw save.error;
    if (!this.#store.isSaved()) throw new Error("the draft is not saved");
  }

  async #send(): Promise<void> {
    const { workflowId, revision, edit } = this.#store.get();
    this.#sending = true;
    this.#store.sending();
    try {
      const answer = await saveDraft(workflowId, edit.document, revision);
      this.#store.saved(edit.position, edit.document, answer.revision, answer.savedAt);
    } catch (error) {
      await this.#failed(error);
    } finally {
      this.#sending = false;
    }
    if (!this.#store.isSaved() && this.#store.get().save.kind === "saved") this.#later();
  }

  async #failed(error: unknown): Promise<void> {
    if (conflictOf(error)) await this.#conflict();
    else if (error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500)) this.#again();
    else this.#store.failed({ kind: "refused", error });
  }

  #again(): void {
    this.#store.failed({ kind: "offline" });
    this.#timer = setTimeout(this.now, RETRY_MS);
  }

  /** Fetches what was saved in between: of this window, as its page before was left, or of others, so that both sides can be shown. */
  async #conflict(): Promise<void> {
    const { workflowId } = this.#store.get();
    try {
      const theirs = await getDraft(workflowId);
      const { unanswered } = this.#store.get();
      if (unanswered.some((document) => isSame(document, theirs.document))) {
        this.#store.rebase(theirs.revision, theirs.document, theirs.updatedAt);
        return;
      }
      this.#store.failed({ kind: "conflict", conflict: this.#between(theirs) });
    } catch {
      this.#again();
    }
  }

  /**
   * The server has this draft now, whoever saved it: an editor, a deploy, a file. It is shown where everything here is saved, as one step that
   * can be taken back; where something is not, the save of it is refused, and a person decides.
   */
  async heard(draft: Draft): Promise<void> {
    while (this.#sending) await this.#sent;
    const { revision, save } = this.#store.get();
    if (this.#stopped || draft.revision <= revision) return;
    if (save.kind === "conflict") this.#store.failed({ kind: "conflict", conflict: this.#between(draft) });
    else if (this.#store.isSaved()) this.#store.takeTheirs(draft.document, draft.revision, savedAtOf(draft));
    else this.now();
  }

  #between(theirs: Draft): Conflict {
    return {
      revision: theirs.revision,
      savedAt: savedAtOf(theirs),
      savedBy: theirs.saved?.savedBy?.name ?? null,
      theirs: theirs.document,
      base: this.#store.base,
    };
  }

  /** A person has decided: the own document is saved over theirs, which the history of the draft keeps. */
  keepMine(): void {
    const { save } = this.#store.get();
    if (save.kind !== "conflict") return;
    this.#store.rebase(save.conflict.revision, save.conflict.theirs, Date.now());
    this.now();
  }

  /** Theirs becomes the document; the own one is a step back, and in the history of the draft. */
  takeTheirs(): void {
    const { save } = this.#store.get();
    if (save.kind !== "conflict") return;
    this.#store.takeTheirs(save.conflict.theirs, save.conflict.revision, save.conflict.savedAt ?? Date.now());
  }
}

function savedAtOf({ saved, updatedAt }: Draft): number {
  return saved?.savedAt ?? updatedAt;
}
