import { type CreateKnowledgeBody, type JsonObject, LIMITS, type SearchBody, type UpdateKnowledgeBody } from "@millrace/contract";
import { RetryableError, TerminalError } from "@millrace/engine";
import type { Models } from "@millrace/nodes";
import type { Clock } from "#clock";
import { noteTarget } from "#deed";
import type { Ids } from "#ids";
import { FilterProblem } from "#knowledge/filter";
import { type Found, searchBases } from "#knowledge/search";
import { invalidMember, RequestError } from "#request-error";
import { NameTaken, NotFound } from "#store/errors";
import type { KnowledgeBaseRow, KnowledgeCounts, KnowledgePage, KnowledgeStore } from "#store/knowledge-store";

export interface KnowledgeBasesPorts {
  readonly knowledge: KnowledgeStore;
  readonly modelsOf: (tenantId: string) => Models;
  readonly ids: Ids;
  readonly clock: Pick<Clock, "now">;
}

export interface CountedBase extends KnowledgeBaseRow {
  readonly counts: KnowledgeCounts;
}

const DEFAULT_PASSAGE_CHARACTERS = 1_000;
const DEFAULT_OVERLAP_CHARACTERS = 150;

/** A person waits for a search. */
const SEARCH_TIMEOUT_MS = 30_000;

/** What a model that cannot be asked now is tried again after, s. */
const MODEL_RETRY_S = 5;

/** What people do with knowledge bases. */
export class KnowledgeBases {
  readonly #ports: KnowledgeBasesPorts;

  constructor(ports: KnowledgeBasesPorts) {
    this.#ports = ports;
  }

  async list(tenantId: string, page: KnowledgePage): Promise<readonly CountedBase[]> {
    const rows = await this.#ports.knowledge.bases(tenantId, page);
    return Promise.all(rows.map((row) => this.#counted(tenantId, row)));
  }

  /** By id or name. RequestError `not_found`. */
  async get(tenantId: string, idOrName: string): Promise<CountedBase> {
    return this.#counted(tenantId, await this.row(tenantId, idOrName));
  }

  async row(tenantId: string, idOrName: string): Promise<KnowledgeBaseRow> {
    const row = await this.#ports.knowledge.base(tenantId, idOrName);
    if (!row) throw new RequestError("not_found", { key: "not_found.knowledge" });
    return row;
  }

  async create(tenantId: string, given: CreateKnowledgeBody): Promise<CountedBase> {
    const { knowledge, ids, clock } = this.#ports;
    const limit = LIMITS.knowledgeBases.value;
    if ((await knowledge.countBases(tenantId)) >= limit)
      throw new RequestError("conflict", { key: "conflict.knowledge_bases", params: { limit } });
    const { passageCharacters = DEFAULT_PASSAGE_CHARACTERS } = given;
    const { overlapCharacters = Math.min(DEFAULT_OVERLAP_CHARACTERS, Math.floor(passageCharacters / 2)) } = given;
    if (overlapCharacters > passageCharacters / 2)
      throw invalidMember(
        "/overlapCharacters",
        `overlapCharacters is half of passageCharacters at most: ${Math.floor(passageCharacters / 2)}.`,
      );
    const { name, description = "", language = null, embeddingModel = null } = given;
    if (language !== null && !isLanguage(language)) throw invalidMember("/language", `${language} is no language tag: en, zh-CN, ja.`);
    const now = clock.now();
    const settings = { description, language, embeddingModel, passageCharacters, overlapCharacters };
    const row: KnowledgeBaseRow = { id: ids.objectId(), name, ...settings, createdAt: now, updatedAt: now };
    noteTarget("base", row.id);
    await named(name, () => knowledge.createBase(tenantId, row));
    return this.#counted(tenantId, row);
  }

  async update(tenantId: string, idOrName: string, { name, description }: UpdateKnowledgeBody): Promise<CountedBase> {
    const row = await this.row(tenantId, idOrName);
    const change = { name: name ?? row.name, description: description ?? row.description };
    await named(change.name, () => this.#ports.knowledge.updateBase(tenantId, row.id, change, this.#ports.clock.now()));
    return this.get(tenantId, row.id);
  }

  async delete(tenantId: string, idOrName: string): Promise<void> {
    const row = await this.row(tenantId, idOrName);
    if (!(await this.#ports.knowledge.deleteBase(tenantId, row.id))) throw new RequestError("not_found", { key: "not_found.knowledge" });
  }

  async search(tenantId: string, idOrName: string, { query, topK = 10, minScore = 0, filter = {} }: SearchBody): Promise<Found> {
    const row = await this.row(tenantId, idOrName);
    const { knowledge, modelsOf } = this.#ports;
    const signal = AbortSignal.timeout(SEARCH_TIMEOUT_MS);
    const search = { query, topK, minScore, filter: filter as JsonObject, signal, timeoutMs: SEARCH_TIMEOUT_MS };
    try {
      const found = await searchBases({ knowledge, models: modelsOf(tenantId) }, tenantId, [row], search);
      if (found.usage.length > 0) await knowledge.addUsage(tenantId, { at: this.#ports.clock.now(), usage: found.usage });
      return found;
    } catch (error) {
      if (error instanceof FilterProblem) throw invalidMember(`/filter/${error.key}`, `filter.${error.key}: ${error.message}`);
      if (error instanceof TerminalError) throw new RequestError("invalid_request", { message: error.message });
      if (error instanceof RetryableError) throw new RequestError("overloaded", { message: error.message, retryAfterS: MODEL_RETRY_S });
      throw error;
    }
  }

  async #counted(tenantId: string, row: KnowledgeBaseRow): Promise<CountedBase> {
    return { ...row, counts: await this.#ports.knowledge.counts(tenantId, row.id) };
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

async function named(name: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof NameTaken) throw new RequestError("conflict", { key: "conflict.name", params: { name } });
    throw error instanceof NotFound ? new RequestError("not_found", { key: "not_found.knowledge" }) : error;
  }
}
