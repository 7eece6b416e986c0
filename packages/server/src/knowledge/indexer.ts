import { setImmediate as nextTurn } from "node:timers/promises";
import { LIMITS } from "@millrace/contract";
import { RetryableError, TerminalError, type Usage } from "@millrace/engine";
import type { Models } from "@millrace/nodes";
import type { Clock } from "#clock";
import { failpoint } from "#failpoint";
import { CUT_AT_ONCE, DOCUMENTS_AT_ONCE, EMBED_ATTEMPTS, EMBED_PAUSE_MS, PASSAGES_AT_ONCE } from "#knowledge/limits";
import { indexedText } from "#knowledge/passage-words";
import { type Passage, passagesOf } from "#knowledge/passages";
import { normalised } from "#knowledge/vectors";
import { wordsOf } from "#knowledge/words";
import type { Logger } from "#log";
import type { Block } from "#parsing/blocks";
import type { BlocksCall } from "#parsing/file-parser";
import { isPassing, StoreClosed } from "#store/errors";
import type { DocumentFailure, KnowledgeBaseRow, KnowledgeStore, NewPassage, OwnedDocument } from "#store/knowledge-store";
import type { Store } from "#store/store";

// Makes documents searchable. Invariants:
// X1. What is durable of a document is not done again: after a death it is read anew and goes on behind the passages that are there.
// X2. A document that cannot be indexed is failed with its reason, and holds up no other one.
// X3. Passages of a document come a few at a time, with a turn of the event loop between them.

export interface IndexerPorts {
  readonly knowledge: KnowledgeStore;
  readonly watch: Store["watch"];
  readonly parse: (call: BlocksCall) => Promise<readonly Block[]>;
  readonly modelsOf: (tenantId: string) => Models;
  readonly clock: Clock;
  readonly log: Pick<Logger, "error">;
}

/** After an error of the store. */
const PATIENCE_MS = 1_000;

export class Indexer {
  readonly #ports: IndexerPorts;
  #closing = new AbortController();
  /** Under way, by their ids. */
  readonly #running = new Map<string, Promise<void>>();
  #filling: Promise<void> | null = null;
  #again = false;
  #unwatch = (): void => undefined;

  constructor(ports: IndexerPorts) {
    this.#ports = ports;
  }

  /** Goes on with what an earlier life left, and with whatever is added from now on. */
  start(): void {
    this.#closing = new AbortController();
    this.#unwatch = this.#ports.watch(({ kind }) => kind === "knowledge" && this.#wake());
    this.#ports.knowledge.trimAll().catch((error: unknown) => this.#report(error, "what is left of documents could not be removed"));
    this.#wake();
  }

  /** Resolves when nothing is under way any more; what is not whole goes on with the next start. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the server shuts down"));
    this.#unwatch();
    await this.#filling;
    await Promise.all(this.#running.values());
  }

  #wake(): void {
    if (this.#closing.signal.aborted) return;
    this.#again = true;
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = null;
      if (this.#again) this.#wake();
    });
  }

  async #fill(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      if (this.#running.size >= DOCUMENTS_AT_ONCE) return;
      try {
        // Those that are under way may be the first in line.
        const rows = await this.#ports.knowledge.waiting(DOCUMENTS_AT_ONCE * 2);
        for (const row of rows) if (this.#running.size < DOCUMENTS_AT_ONCE && !this.#running.has(row.id)) this.#begin(row);
      } catch (error) {
        if (error instanceof StoreClosed) return;
        this.#report(error, "documents cannot be indexed");
        this.#again = true;
        await this.#pause(PATIENCE_MS);
      }
    }
  }

  #begin(row: OwnedDocument): void {
    const work = this.#index(row).finally(() => {
      this.#running.delete(row.id);
      this.#wake();
    });
    this.#running.set(row.id, work);
  }

  async #index(row: OwnedDocument): Promise<void> {
    const { knowledge, clock } = this.#ports;
    try {
      await this.#passages(row);
      if (this.#closing.signal.aborted) return;
      failpoint("knowledge.beforeFinish");
      await knowledge.finish(row.tenantId, row, clock.now());
      await knowledge.trim(row.tenantId, row.id);
    } catch (error) {
      if (this.#closing.signal.aborted || error instanceof StoreClosed) return;
      // The disk is full, or the store is busy: the document still waits, and its turn comes again.
      if (isPassing(error)) return this.#pause(PATIENCE_MS);
      await knowledge
        .fail(row.tenantId, row, this.#failureOf(error), clock.now())
        .catch((failed: unknown) => this.#report(failed, "a document could not be failed"));
    }
  }

  #failureOf(error: unknown): DocumentFailure {
    if (error instanceof TerminalError || error instanceof RetryableError) return { type: error.type, message: error.message };
    this.#report(error, "a document could not be indexed");
    return { type: "internal", message: "Internal error: the server's log says more." };
  }

  async #passages(row: OwnedDocument): Promise<void> {
    const { knowledge, parse } = this.#ports;
    const { tenantId, id, baseId, revision, name, mediaType } = row;
    const base = await knowledge.base(tenantId, baseId);
    const content = await knowledge.content(tenantId, id, revision);
    // It was deleted or replaced meanwhile.
    if (!base || !content) return;
    const blocks = await parse({ name, mediaType, content, signal: this.#closing.signal, timeoutMs: null });
    const passages = await this.#cut(blocks, base);
    await this.#refuseTooMany(row, passages.length);
    const characters = passages.reduce((sum, { text }) => sum + text.length, 0);
    let done = await knowledge.begin(tenantId, row, { total: passages.length, characters });
    while (done < passages.length && !this.#closing.signal.aborted) {
      const some = passages.slice(done, done + PASSAGES_AT_ONCE);
      const { vectors, usage } = await this.#embed(tenantId, base, some);
      const added = some.map((passage, at) => newPassage(passage, base.language, vectors[at] ?? null));
      // It was deleted or replaced meanwhile: nothing more is paid for it.
      if (!(await knowledge.addPassages(tenantId, row, done, added, { at: this.#ports.clock.now(), usage }))) return;
      failpoint("knowledge.afterPassages");
      done += some.length;
      await nextTurn();
    }
  }

  async #cut(blocks: readonly Block[], settings: KnowledgeBaseRow): Promise<readonly Passage[]> {
    const passages: Passage[] = [];
    for (const passage of passagesOf(blocks, settings)) {
      passages.push(passage);
      if (passages.length % CUT_AT_ONCE === 0) await nextTurn();
    }
    return passages;
  }

  async #refuseTooMany({ tenantId, baseId, total }: OwnedDocument, count: number): Promise<void> {
    const [own, all] = [LIMITS.documentPassages.value, LIMITS.knowledgePassages.value];
    if (count > own) throw new TerminalError("limit_exceeded", `It has ${count} passages; a document has ${own} at most.`);
    const { passages } = await this.#ports.knowledge.counts(tenantId, baseId);
    if (passages - (total ?? 0) + count > all)
      throw new TerminalError("limit_exceeded", `The knowledge base would have more than ${all} passages: put documents into another one.`);
  }

  async #embed(
    tenantId: string,
    { embeddingModel: model }: KnowledgeBaseRow,
    passages: readonly Passage[],
  ): Promise<{ readonly vectors: readonly Float32Array[]; readonly usage: readonly Usage[] }> {
    if (model === null) return { vectors: [], usage: [] };
    for (let attempt = 1; ; attempt++) {
      try {
        const call = { model, texts: passages.map(indexedText), signal: this.#closing.signal, timeoutMs: null };
        const { vectors, usage } = await this.#ports.modelsOf(tenantId).embed(call);
        if (vectors.length !== passages.length)
          throw new TerminalError("llm_error", `${model} answered ${vectors.length} vectors for ${passages.length} texts.`);
        return { vectors: vectors.map(normalised), usage: usage.map((row) => ({ ...row, kind: "knowledge_doc_indexing" as const })) };
      } catch (error) {
        if (!(error instanceof RetryableError) || attempt === EMBED_ATTEMPTS) throw error;
        await this.#pause(Math.max(error.retryAfterMs ?? 0, EMBED_PAUSE_MS * 2 ** (attempt - 1)));
        if (this.#closing.signal.aborted) throw error;
      }
    }
  }

  /** Ends early when the server closes. */
  #pause(ms: number): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const cancel = clock.at(clock.now() + ms, () => {
        signal.removeEventListener("abort", end);
        resolve();
      });
      const end = (): void => {
        cancel();
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
    });
  }

  #report(error: unknown, message: string): void {
    if (!(error instanceof StoreClosed)) this.#ports.log.error({ err: error }, message);
  }
}

function newPassage(passage: Passage, language: string | null, vector: Float32Array | null): NewPassage {
  return { ...passage, words: wordsOf(indexedText(passage), language), vector };
}
