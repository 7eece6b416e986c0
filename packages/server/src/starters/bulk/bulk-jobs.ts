import { type CreateBulkJobBody, LIMITS } from "@millrace/contract";
import type { Clock } from "#clock";
import { noteTarget } from "#deed";
import type { Ids } from "#ids";
import { invalidMember, RequestError } from "#request-error";
import type { BulkJobRow, BulkStore } from "#store/bulk-store";
import type { RunStore, WorkflowStore } from "#store/store";

export interface BulkJobsPorts {
  readonly jobs: BulkStore;
  readonly runs: Pick<RunStore, "count">;
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly ids: Ids;
  readonly clock: Pick<Clock, "now">;
}

/** What people do with jobs over many runs. */
export class BulkJobs {
  readonly #ports: BulkJobsPorts;

  constructor(ports: BulkJobsPorts) {
    this.#ports = ports;
  }

  list(tenantId: string, page: { readonly limit: number; readonly before?: string }): Promise<readonly BulkJobRow[]> {
    return this.#ports.jobs.list(tenantId, page);
  }

  async get(tenantId: string, id: string): Promise<BulkJobRow> {
    const row = await this.#ports.jobs.get(tenantId, id);
    if (!row) throw unknownJob();
    return row;
  }

  async create(tenantId: string, body: CreateBulkJobBody): Promise<BulkJobRow> {
    const { jobs, runs, ids, clock } = this.#ports;
    const { action, from = "failed", version = "same" } = body;
    // Before the runs are counted: what comes to be as the filter asks after this moment is not seen to.
    const now = clock.now();
    const filter = await this.#filterOf(tenantId, body);
    // Whatever begins from now on has an id behind this one.
    const beforeRun = ids.uuidv7();
    const limit = LIMITS.bulkRuns.value;
    const matched = await runs.count(tenantId, { ...filter, before: beforeRun, limit: limit + 1 });
    if (matched > limit) throw invalidMember("/filter", `filter: it has more than ${limit} runs; narrow it, by since or workflow`);
    const counts = { matched, done: 0, failed: 0, lastError: null };
    const job: BulkJobRow = {
      ...{ id: ids.objectId(), action, filter, from, version, state: "running", beforeRun },
      ...counts,
      createdAt: now,
      updatedAt: now,
    };
    noteTarget("job", job.id);
    await jobs.create(tenantId, job);
    return job;
  }

  async stop(tenantId: string, id: string): Promise<BulkJobRow> {
    if (!(await this.#ports.jobs.stop(tenantId, id, this.#ports.clock.now()))) throw unknownJob();
    return this.get(tenantId, id);
  }

  async #filterOf(tenantId: string, { action, from = "failed", filter }: CreateBulkJobBody): Promise<BulkJobRow["filter"]> {
    const { workflow: named, user, trigger, since } = filter;
    const status = filter.status ?? (action === "cancel" ? "RUNNING" : "FAILED");
    const hasEnded = status === "SUCCEED" || status === "FAILED";
    if (hasEnded === (action === "cancel"))
      throw invalidMember("/filter/status", `filter.status: a run that is ${status} cannot be ${PAST[action]}`);
    if (status === "SUCCEED" && from === "failed") throw invalidMember("/from", "from: runs that SUCCEED are replayed from the start");
    const workflow = named === undefined ? null : await this.#ports.workflows.get(tenantId, named);
    if (named !== undefined && !workflow) throw new RequestError("not_found", { key: "not_found.workflow" });
    return {
      status,
      ...(workflow && { workflowId: workflow.id }),
      ...(user !== undefined && { userId: user }),
      ...(trigger !== undefined && { trigger }),
      ...(since !== undefined && { since }),
    };
  }
}

const PAST = { cancel: "cancelled", replay: "replayed" } as const;

function unknownJob(): RequestError {
  return new RequestError("not_found", { key: "not_found.job" });
}
