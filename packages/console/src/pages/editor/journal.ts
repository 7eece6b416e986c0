import type { WorkflowDocument } from "@millrace/contract";
import type { EditState, Entry, Stack } from "#pages/editor/model/stack.ts";
import type { EditorStore } from "#pages/editor/store.ts";

// The local journal: the stack of each workflow in this browser, so that undo reaches back over a reload, and what was not saved is there
// after a crash of the server or the browser. It is written with every command, before the command is sent anywhere.

const DATABASE = "millrace.editor";
const STORE = "stacks";

/** Journals of other workflows that are kept, the latest first. */
const MAX_JOURNALS = 30;

export interface Kept extends Stack {
  readonly workflowId: string;
  /** Of the draft that `saved` stands for. */
  readonly revision: number;
  readonly document: WorkflowDocument;
  readonly entries: readonly Entry[];
  readonly at: number;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "workflowId" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
}

/** Where the browser keeps nothing, or refuses to, there is no journal: the editor goes on without one. */
async function inStore<Value>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Value>): Promise<Value | null> {
  try {
    const database = await open();
    return await new Promise<Value>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error ?? new Error("not kept"));
      transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
    }).finally(() => database.close());
  } catch {
    return null;
  }
}

export async function readJournal(workflowId: string): Promise<Kept | null> {
  return (await inStore<Kept | undefined>("readonly", (store) => store.get(workflowId))) ?? null;
}

/** Gives up the oldest journals. */
export async function sweepJournals(): Promise<void> {
  const all = (await inStore<Kept[]>("readonly", (store) => store.getAll())) ?? [];
  const old = all.toSorted((left, right) => right.at - left.at).slice(MAX_JOURNALS);
  for (const { workflowId } of old) await inStore("readwrite", (store) => store.delete(workflowId));
}

/** Writes down what the store does from now on; one write at a time, the latest state of it. */
export function keepJournal(store: EditorStore): () => void {
  let kept: EditState | null = store.get().edit;
  let writing = false;
  const write = async () => {
    if (writing) return;
    writing = true;
    while (store.get().edit !== kept) {
      const { edit, revision, workflowId } = store.get();
      kept = edit;
      const { document, entries, position, saved } = edit;
      await inStore("readwrite", (stacks) => stacks.put({ workflowId, revision, document, entries, position, saved, at: Date.now() }));
    }
    writing = false;
  };
  return store.subscribe(() => void write());
}
