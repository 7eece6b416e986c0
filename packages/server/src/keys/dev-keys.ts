import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { noteTarget } from "#deed";
import type { Ids } from "#ids";
import type { Caller } from "#keys/authenticate";
import { RequestError } from "#request-error";
import type { DevKeyRow, DevKeyStore } from "#store/dev-key-store";

/** `mrd_` and 40 url-safe characters: 240 bits. */
const SECRET_PREFIX = "mrd_";
const SECRET_CHARACTERS = 40;

const DAY_MS = 86_400_000;

const BASIC = /^basic +([A-Za-z0-9+/_-]+={0,2})$/i;

export interface DevKeysOptions {
  readonly devKeys: DevKeyStore;
  readonly ids: Ids;
  /** HMAC key, derived from the server's secret for this purpose alone. */
  readonly pepper: Buffer;
  readonly now: () => number;
}

/** Keys of an organisation: a name that is no secret, and a secret; whoever has both may make workflows, and keys that call them. */
export class DevKeys {
  readonly #options: DevKeysOptions;
  readonly #pepper: KeyObject;

  constructor(options: DevKeysOptions) {
    this.#options = options;
    this.#pepper = createSecretKey(options.pepper);
  }

  /** The secret is in the answer and nowhere else. */
  async create(
    tenantId: string,
    request: { readonly name?: string; readonly expiresInDays?: number },
  ): Promise<{ secret: string; row: DevKeyRow }> {
    const { devKeys, ids, now } = this.#options;
    const id = ids.objectId();
    noteTarget("devKey", id);
    const secret = SECRET_PREFIX + ids.token(SECRET_CHARACTERS);
    const createdAt = now();
    const expiresAt = request.expiresInDays === undefined ? null : createdAt + request.expiresInDays * DAY_MS;
    const hash = this.#hash(`${id}:${secret}`);
    return { secret, row: await devKeys.create(tenantId, { id, hash, name: request.name ?? "", createdAt, expiresAt }) };
  }

  /** Newest first, without those that were revoked. */
  async list(tenantId: string): Promise<readonly DevKeyRow[]> {
    return (await this.#options.devKeys.list(tenantId)).filter(({ revokedAt }) => revokedAt === null);
  }

  /** Throws `not_found`. */
  async revoke(tenantId: string, id: string): Promise<void> {
    if (!(await this.#options.devKeys.revoke(tenantId, id, this.#options.now())))
      throw new RequestError("not_found", { key: "not_found.dev_key" });
  }

  /** Of a header `Basic base64(DevKey:DevSecret)`; null: no such key, revoked, or expired. */
  async authenticate(header: string | undefined): Promise<Caller | null> {
    const [, credentials] = BASIC.exec(header?.trim() ?? "") ?? [];
    if (credentials === undefined) return null;
    const row = await this.#options.devKeys.findByHash(this.#hash(Buffer.from(credentials, "base64").toString("utf8")));
    if (!row || row.revokedAt !== null || (row.expiresAt ?? Infinity) <= this.#options.now()) return null;
    const { tenantId, id, name } = row;
    return { kind: "key", tenantId, keyId: id, name, role: null, sessionId: null, scopes: [], workflowIds: null, rateLimit: null };
  }

  #hash(credentials: string): string {
    return createHmac("sha256", this.#pepper).update(credentials).digest("hex");
  }
}
