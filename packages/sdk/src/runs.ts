import { type EventsOptions, followRun } from "#events";
import { cancel, choosing, query, RunHandle, type SentSignal, send, type WaitOptions } from "#run-handle";
import { RunStream } from "#run-stream";
import { ask, needsMillrace, post, type TransportOptions } from "#transport";
import type { EndedRun, FailedRun, JsonObject, RunEvent, RunHeader, RunStatus, RunTrigger, RunView, SucceededRun } from "#wire";

/** A key of several workflows names the run's. */
export interface RunOptions {
  readonly workflow?: string;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** Id or name. */
  readonly workflow?: string;
  readonly status?: RunStatus;
  /** Exact userId. */
  readonly user?: string;
  readonly trigger?: RunTrigger;
  /** Exact starterId: the runs of a schedule or hook, or the retries of a run. */
  readonly starter?: string;
  /** Accepted since: `24h`, `30m`, `7d` before now, a moment, or epoch ms. */
  readonly since?: string | number | Date;
  /** Rows of one request. Default 50. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

export interface ReplayOptions {
  /** `failed` (the default): what finished keeps its result, at no cost. */
  readonly from?: "failed" | "start";
  /** In place of `from`: the id of the node that runs again, with all that follows it. */
  readonly node?: string;
  /** `same` (the default), `live`, `draft`, or the name of a version. */
  readonly version?: string;
  /** In place of the run's input; only from the start. */
  readonly input?: JsonObject;
  readonly signal?: AbortSignal;
}

/** Runs by their ids, whoever started them. */
export class Runs {
  readonly #transport: TransportOptions;

  constructor(transport: TransportOptions) {
    this.#transport = transport;
  }

  /** The run as it is now. */
  get(workflowRunId: string, options: RunOptions = {}): Promise<RunView> {
    return query(this.#transport, workflowRunId, options.workflow, options.signal);
  }

  /** Newest first, over as many pages as there are: leave the loop, and no more is asked. Needs a key with the scope `draft`. */
  async *list({ signal, pageSize = DEFAULT_PAGE_ROWS, since, ...filter }: ListOptions = {}): AsyncGenerator<RunHeader, void, undefined> {
    needsMillrace(this.#transport, "listing runs");
    const from = since === undefined ? undefined : String(sinceMs(since));
    const given = Object.entries({ ...filter, since: from, limit: String(pageSize) }).filter(isGiven);
    for (let cursor: string | undefined; ; ) {
      const search = new URLSearchParams([...given, ...(cursor === undefined ? [] : [["cursor", cursor] as [string, string]])]);
      const answer = await ask(this.#transport, { path: `/api/v1/runs?${search}`, headers: {}, safe: true, signal });
      const page = (await answer.json()) as { readonly data: readonly RunHeader[]; readonly nextCursor?: string };
      yield* page.data;
      if (page.nextCursor === undefined) return;
      cursor = page.nextCursor;
    }
  }

  /** Resolves when the run has ended. Throws RunFailedError, WaitTimeoutError, ApiError, or the signal's reason. */
  async wait(workflowRunId: string, options: RunOptions & WaitOptions & { throwOnFailure: false }): Promise<EndedRun>;
  async wait(workflowRunId: string, options?: RunOptions & WaitOptions): Promise<SucceededRun>;
  async wait(workflowRunId: string, options: RunOptions & WaitOptions = {}): Promise<EndedRun> {
    return new RunHandle(this.#transport, workflowRunId, options.workflow).wait(options);
  }

  /** The cancelled run. Throws ConflictError where it has ended otherwise. */
  cancel(workflowRunId: string, options: RunOptions = {}): Promise<FailedRun> {
    return cancel(this.#transport, workflowRunId, options.workflow, options.signal);
  }

  /** Tells a run what a node of it waits for, or will; the run as it is then. Throws ConflictError where it has ended. */
  signal(workflowRunId: string, sent: SentSignal, options: RunOptions = {}): Promise<RunView> {
    return send(this.#transport, workflowRunId, sent, options.workflow, options.signal);
  }

  /**
   * Runs an ended run again, as a new run; the old one stays as it is. Needs an admin key. Throws ConflictError where there is nothing to
   * replay: a run that goes on, or that did not fail and is to go on from its failure.
   */
  async replay(workflowRunId: string, { signal, ...body }: ReplayOptions = {}): Promise<RunHandle> {
    needsMillrace(this.#transport, "replaying a run");
    const path = `/api/v1/runs/${encodeURIComponent(workflowRunId)}/replay`;
    const answer = await post(this.#transport, { path, body, headers: {}, safe: false, signal });
    const { workflowRunId: id, workflowId } = answer as { readonly workflowRunId: string; readonly workflowId: string };
    return new RunHandle(this.#transport, id, workflowId);
  }

  /** Follows a run that was started before, from its beginning or after the last event that was seen. */
  stream(workflowRunId: string, options: EventsOptions & { workflow?: string } = {}): RunStream {
    return new RunStream(this.#transport, workflowRunId, options.workflow, options);
  }

  /** What happens in a run, from its beginning or after an event, up to its end. Lost connections are made again. */
  events(workflowRunId: string, options: EventsOptions & { workflow?: string } = {}): AsyncGenerator<RunEvent> {
    return followRun(this.#transport, workflowRunId, choosing(options.workflow), options);
  }
}

const DEFAULT_PAGE_ROWS = 50;

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

const UNIT_MS: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function sinceMs(since: string | number | Date): number {
  if (typeof since !== "string") return Number(since);
  const [, count, unit = ""] = /^(\d+)\s*([smhd])$/.exec(since.trim()) ?? [];
  const at = count === undefined ? Date.parse(since) : Date.now() - Number(count) * (UNIT_MS[unit] ?? 0);
  if (Number.isNaN(at)) throw new TypeError(`since: "${since}" is neither a duration nor a date; write 24h, 7d or 2026-01-31T09:00:00Z`);
  return at;
}
