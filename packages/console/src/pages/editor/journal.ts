import type { WorkflowDocument } from "@millrace/contract";
import type { Stack } from "#pages/editor/model/stack.ts";
import type { EditorState, EditorStore } from "#pages/editor/store.ts";

// The local journal: the stack of each workflow in this browser, so that undo reaches back over a reload, and what was not saved is there
// after a crash of the server or the browser. It is written with every command, before the command is sent anywhere.

const DATABASE = "millrace.editor";
const STORE = "stacks";

/** Journals of other workflows that are kept, the latest first. */
const MAX_JOURNALS = 30;

export interface Kept extends Stack, Pick<EditorState, "workflowId" | "revision" | "unanswered"> {
  readonly document: WorkflowDocument;
  readonly at: number;
}

let connection: Promise<IDBDatabase> | null = null;

/** One connection a window, open while it is: what is put as the page is left has no time to wait for one. */
function connect(): Promise<IDBDatabase> {
  connection ??= open().catch((error: unknown) => {
    connection = null;
    throw error;
  });
  return connection;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "workflowId" });
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      database.onclose = () => {
        connection = null;
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
}

/** Where the browser keeps nothing, or refuses to, there is no journal: the editor goes on without one. */
async function inStore<Value>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Value>): Promise<Value | null> {
  try {
    const database = await connect();
    return await new Promise<Value>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
      // A page that is gone commits nothing any more: the browser is told at once.
      transaction.commit();
    });
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

/** Writes down what the store does from now on; one write at a time, the latest state of it, and at once where the page is left. */
export function keepJournal(store: EditorStore): () => void {
  let kept: EditorState = store.get();
  let writing = false;
  const isKept = () => {
    const { edit, unanswered } = store.get();
    return edit === kept.edit && unanswered === kept.unanswered;
  };
  const put = async () => {
    kept = store.get();
    const { edit, revision, workflowId, unanswered } = kept;
    const { document, entries, position, saved } = edit;
    const now = { workflowId, revision, unanswered, document, entries, position, saved, at: Date.now() };
    await inStore("readwrite", (stacks) => stacks.put(now));
  };
  const write = async () => {
    if (writing) return;
    writing = true;
    while (!isKept()) await put();
    writing = false;
  };
  const leave = () => {
    if (!isKept()) void put();
  };
  window.addEventListener("pagehide", leave);
  const unsubscribe = store.subscribe(() => void write());
  return () => {
    window.removeEventListener("pagehide", leave);
    unsubscribe();
  };
}
