import { LIMITS } from "@millrace/contract";
import { type CallableVersion, callableVersion } from "#called/callable-version";
import type { Caller } from "#keys/authenticate";
import { reachedWorkflow, reachedWorkflows } from "#keys/reached-workflows";
import type { WorkflowRow, WorkflowStore } from "#store/store";

/** Versions remembered at once; each is two schemas. */
const MAX_REMEMBERED = 1_000;

/** A workflow that a key may invoke now, with its live version. */
export interface Callable extends Pick<WorkflowRow, "id" | "name" | "createdAt"> {
  readonly liveVersion: string;
  readonly version: CallableVersion;
}

export interface CallablePage {
  readonly callables: readonly Callable[];
  /** Id of the last workflow that was looked at; absent: there are no more. */
  readonly nextCursor?: string;
}

/** Which workflows other programs may call with a key, and what they must know of them. Versions are immutable and read once. */
export class Callables {
  readonly #workflows: WorkflowStore;
  readonly #remembered = new Map<string, CallableVersion>();

  constructor(workflows: WorkflowStore) {
    this.#workflows = workflows;
  }

  /** Newest first. A page has fewer than `limit` where some are not published, or have their API switched off. */
  async page(caller: Caller, limit: number, cursor?: string): Promise<CallablePage> {
    const rows = await reachedWorkflows(this.#workflows, caller, { limit, ...(cursor !== undefined && { cursor }) });
    const found: Callable[] = [];
    for (const row of rows) {
      const callable = await this.of(caller.tenantId, row);
      if (callable) found.push(callable);
    }
    const last = rows.at(-1);
    return { callables: found, ...(last && rows.length === limit && { nextCursor: last.id }) };
  }

  /** Those of the first `most` workflows that the key is for. */
  async all(caller: Caller, most: number): Promise<readonly Callable[]> {
    const found: Callable[] = [];
    let cursor: string | undefined;
    for (let left = most; left > 0; left -= LIMITS.calledWorkflows.value) {
      const { callables, nextCursor } = await this.page(caller, Math.min(left, LIMITS.calledWorkflows.value), cursor);
      found.push(...callables);
      if (nextCursor === undefined) break;
      cursor = nextCursor;
    }
    return found;
  }

  /** null: none of this id or name that the key is for. */
  row(caller: Caller, idOrName: string): Promise<WorkflowRow | null> {
    return reachedWorkflow(this.#workflows, caller, idOrName);
  }

  /** null: it cannot be invoked now. */
  async of(tenantId: string, { id, name, createdAt, liveVersion, apiEnabled }: WorkflowRow): Promise<Callable | null> {
    if (liveVersion === null || !apiEnabled) return null;
    const version = await this.#load(tenantId, id, liveVersion);
    return version && { id, name, createdAt, liveVersion, version };
  }

  async #load(tenantId: string, workflowId: string, name: string): Promise<CallableVersion | null> {
    const place = `${tenantId}/${workflowId}/${name}`;
    const known = this.#remembered.get(place);
    if (known) return known;
    const row = await this.#workflows.version(tenantId, workflowId, name);
    if (!row) return null;
    const version = callableVersion(row.document);
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(place, version);
    return version;
  }
}
