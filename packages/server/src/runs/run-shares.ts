import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { LIMITS } from "@millrace/contract";
import { noteTarget } from "#deed";
import type { Ids } from "#ids";
import { RequestError } from "#request-error";
import type { OwnedShare, ShareRow, ShareStore } from "#store/share-store";
import type { RunStore } from "#store/store";

/** `mrs_` and 40 url-safe characters: 240 bits. */
const PREFIX = "mrs_";
const CHARACTERS = 40;
const TOKEN = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{${CHARACTERS}}$`);

const HOUR_MS = 3_600_000;

export interface RunSharesPorts {
  readonly shares: ShareStore;
  readonly runs: Pick<RunStore, "get">;
  readonly ids: Pick<Ids, "objectId" | "token">;
  readonly clock: { now(): number };
  /** HMAC key, derived from the server's secret for this purpose alone. */
  readonly pepper: Buffer;
  /** false: the operator wants no links, and those that were made show nothing. */
  readonly enabled: boolean;
}

/** Links with which somebody without an account looks at one run, and does nothing else. */
export class RunShares {
  readonly #ports: RunSharesPorts;
  readonly #pepper: KeyObject;

  constructor(ports: RunSharesPorts) {
    this.#ports = ports;
    this.#pepper = createSecretKey(ports.pepper);
  }

  get enabled(): boolean {
    return this.#ports.enabled;
  }

  /** Those that work, newest first. Throws `not_found` where there is no such run. */
  async list(tenantId: string, runId: string): Promise<readonly ShareRow[]> {
    const { shares, clock, enabled } = this.#ports;
    await this.#known(tenantId, runId);
    const rows = await shares.list(tenantId, runId);
    return enabled ? rows.filter(({ expiresAt }) => expiresAt > clock.now()) : [];
  }

  /** The token is in the answer and nowhere else. Throws `not_found`, `sharing_off`, or `conflict` where the run has as many as it may. */
  async create(
    tenantId: string,
    runId: string,
    { hours, createdBy }: { readonly hours: number; readonly createdBy: string },
  ): Promise<{ readonly token: string; readonly row: ShareRow }> {
    const { shares, ids, clock, enabled } = this.#ports;
    if (!enabled) throw new RequestError("sharing_off");
    const limit = LIMITS.runLinks.value;
    if ((await this.list(tenantId, runId)).length >= limit)
      throw new RequestError("conflict", { key: "conflict.run_links", params: { limit } });
    const token = PREFIX + ids.token(CHARACTERS);
    const createdAt = clock.now();
    const hint = `${token.slice(0, 6)}…${token.slice(-4)}`;
    const row: ShareRow = { id: ids.objectId(), runId, hint, createdAt, expiresAt: createdAt + hours * HOUR_MS, createdBy };
    noteTarget("share", row.id);
    await shares.create(tenantId, { ...row, hash: this.#hash(token) });
    return { token, row };
  }

  /** Throws `not_found`. */
  async revoke(tenantId: string, runId: string, id: string): Promise<void> {
    if (!(await this.#ports.shares.delete(tenantId, runId, id))) throw new RequestError("not_found", { key: "not_found.run_link" });
  }

  /** Whose run the link shows. Throws `not_found` for one that is none, is over, or was revoked: all the same to a stranger. */
  async open(token: string): Promise<OwnedShare> {
    const { shares, clock, enabled } = this.#ports;
    const share = enabled && TOKEN.test(token) ? await shares.findByHash(this.#hash(token)) : null;
    if (!share || share.expiresAt <= clock.now()) throw new RequestError("not_found", { key: "not_found.run_link" });
    return share;
  }

  async #known(tenantId: string, runId: string): Promise<void> {
    if (!(await this.#ports.runs.get(tenantId, null, runId))) throw new RequestError("not_found");
  }

  #hash(token: string): string {
    return createHmac("sha256", this.#pepper).update(token).digest("hex");
  }
}
