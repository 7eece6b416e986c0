import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { RateLimit, Role, Scope } from "@millrace/contract";
import { noteTarget } from "#deed";
import type { Ids } from "#ids";
import { RequestError } from "#request-error";
import { KeyNotRotatable, NotFound } from "#store/errors";
import type { KeyRow, KeyStore, NewKey } from "#store/key-store";
import type { WorkflowStore } from "#store/store";

/** `mr_` and 40 url-safe characters: 240 bits. */
const KEY_PREFIX = "mr_";
const KEY_CHARACTERS = 40;

const DAY_MS = 86_400_000;

/** Runs can be started and read with a key that was asked for without scopes. */
const DEFAULT_SCOPES: readonly Scope[] = ["invoke", "query"];

export interface KeyRequest {
  readonly name?: string;
  /** Ids or names; absent: every workflow, now and later. */
  readonly workflows?: readonly string[];
  readonly scopes?: readonly Scope[];
  /** Of a key with the scope admin; absent: owner. */
  readonly role?: Role;
  readonly expiresInDays?: number;
  readonly rateLimit?: RateLimit;
}

export interface ApiKeysOptions {
  readonly keys: KeyStore;
  readonly workflows: WorkflowStore;
  readonly ids: Ids;
  /** HMAC key, derived from the server's secret: a stolen database gives no keys away, not even guessable ones. */
  readonly pepper: Buffer;
  readonly now: () => number;
}

export class ApiKeys {
  readonly #options: ApiKeysOptions;
  /** Made once: from bytes it would be made anew for every request. */
  readonly #pepper: KeyObject;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
    this.#pepper = createSecretKey(options.pepper);
  }

  hash(key: string): string {
    return createHmac("sha256", this.#pepper).update(key).digest("hex");
  }

  /** The key itself is in the answer and nowhere else. Throws `not_found` for an unknown workflow. */
  async create(tenantId: string, request: KeyRequest): Promise<{ key: string; row: KeyRow }> {
    const key = this.#text();
    return { key, row: await this.adopt(tenantId, key, request) };
  }

  /** A key of a workflow that is made together with it. */
  mint(name: string, workflowId: string): { readonly key: string; readonly row: NewKey } {
    const key = this.#text();
    return { key, row: this.#described(key, { name }, [workflowId]) };
  }

  /** Makes a key of the given text known: an operator's own admin key. */
  async adopt(tenantId: string, key: string, request: KeyRequest): Promise<KeyRow> {
    const workflowIds = request.workflows ? await this.#idsOf(tenantId, request.workflows) : null;
    return this.#options.keys.create(tenantId, this.#described(key, request, workflowIds));
  }

  #text(): string {
    return KEY_PREFIX + this.#options.ids.token(KEY_CHARACTERS);
  }

  #described(key: string, request: KeyRequest, workflowIds: readonly string[] | null): NewKey {
    const createdAt = this.#options.now();
    const id = this.#options.ids.objectId();
    noteTarget("key", id);
    return {
      id,
      hash: this.hash(key),
      hint: hintOf(key),
      name: request.name ?? "",
      scopes: request.scopes ?? DEFAULT_SCOPES,
      workflowIds,
      createdAt,
      expiresAt: request.expiresInDays === undefined ? null : createdAt + request.expiresInDays * DAY_MS,
      rateLimit: request.rateLimit ?? null,
      role: request.role ?? null,
    };
  }

  /** Throws `not_found`. */
  async get(tenantId: string, id: string): Promise<KeyRow> {
    const row = await this.#options.keys.get(tenantId, id);
    if (!row) throw new RequestError("not_found", { key: "not_found.key" });
    return row;
  }

  /** The new key is in the answer and nowhere else; the old one goes on for `overlapMs`. Throws `not_found`, or `conflict` for one that is over. */
  async rotate(tenantId: string, id: string, overlapMs: number): Promise<{ key: string; row: KeyRow }> {
    const { keys, ids, now } = this.#options;
    const key = this.#text();
    const createdAt = now();
    const replacement = { id: ids.objectId(), hash: this.hash(key), hint: hintOf(key), createdAt };
    noteTarget("replacement", replacement.id);
    try {
      return { key, row: await keys.rotate(tenantId, id, replacement, createdAt + overlapMs) };
    } catch (error) {
      if (error instanceof KeyNotRotatable) throw new RequestError("conflict", { key: "conflict.key" });
      if (error instanceof NotFound) throw new RequestError("not_found", { key: "not_found.key" });
      throw error;
    }
  }

  list(tenantId: string): Promise<readonly KeyRow[]> {
    return this.#options.keys.list(tenantId);
  }

  async revoke(tenantId: string, id: string): Promise<void> {
    if (!(await this.#options.keys.revoke(tenantId, id, this.#options.now())))
      throw new RequestError("not_found", { key: "not_found.key" });
  }

  async #idsOf(tenantId: string, workflows: readonly string[]): Promise<string[]> {
    const rows = await Promise.all(workflows.map((name) => this.#options.workflows.get(tenantId, name)));
    return rows.map((row, index) => {
      if (!row) throw new RequestError("not_found", { message: `No such workflow: ${workflows[index]}.` });
      return row.id;
    });
  }
}

function hintOf(key: string): string {
  return `${key.slice(0, 6)}…${key.slice(-4)}`;
}
