import { RunFailedError, WaitTimeoutError } from "#errors";
import { type EventsOptions, followRun } from "#events";
import { backoffMs, needsMillrace, pause, post, type TransportOptions } from "#transport";
import type { EndedRun, FailedRun, JsonObject, RunEvent, RunView, SucceededRun } from "#wire";

export interface WaitOptions {
  /** Default: for as long as it takes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** false: a FAILED run is returned like any other. */
  readonly throwOnFailure?: boolean;
}

/** What a run is told. A second one with the same `id` is none; without one the client makes it. */
export interface SentSignal {
  readonly name: string;
  readonly value?: unknown;
  readonly id?: string;
}

/** The first questions come quickly, for short runs; later ones are rare. */
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 2_000;

/** A run that was accepted: it goes on whoever waits. */
export class RunHandle<Output = JsonObject> {
  readonly workflowRunId: string;
  readonly #transport: TransportOptions;
  readonly #workflow: string | undefined;

  constructor(transport: TransportOptions, workflowRunId: string, workflow: string | undefined) {
    this.#transport = transport;
    this.workflowRunId = workflowRunId;
    this.#workflow = workflow;
  }

  /** The cancelled run. Throws ConflictError where it has ended otherwise. */
  cancel(options: { signal?: AbortSignal } = {}): Promise<FailedRun> {
    return cancel(this.#transport, this.workflowRunId, this.#workflow, options.signal);
  }

  /** Tells the run what a node of it waits for, or will; the run as it is then. Throws ConflictError where it has ended. */
  signal(sent: SentSignal, options: { signal?: AbortSignal } = {}): Promise<RunView> {
    return send(this.#transport, this.workflowRunId, sent, this.#workflow, options.signal);
  }

  /** What happens in the run, from its beginning or after an event, up to its end. Lost connections are made again. */
  events(options: EventsOptions = {}): AsyncGenerator<RunEvent> {
    return followRun(this.#transport, this.workflowRunId, choosing(this.#workflow), options);
  }

  /** Resolves when the run has ended. Throws RunFailedError, WaitTimeoutError, ApiError, or the signal's reason. */
  async wait(options: WaitOptions & { throwOnFailure: false }): Promise<EndedRun<Output>>;
  async wait(options?: WaitOptions): Promise<SucceededRun<Output>>;
  async wait(options: WaitOptions = {}): Promise<EndedRun<Output>> {
    const { timeoutMs = Number.POSITIVE_INFINITY, signal } = options;
    const until = performance.now() + timeoutMs;
    for (let asked = 0; ; asked++) {
      const run = await query(this.#transport, this.workflowRunId, this.#workflow, signal);
      if (run.status === "SUCCEED" || run.status === "FAILED") return settle(run as EndedRun<Output>, options);
      const left = until - performance.now();
      if (left <= 0) throw new WaitTimeoutError(this.workflowRunId);
      await pause(Math.min(left, backoffMs(asked, FIRST_POLL_MS, LONGEST_POLL_MS)), signal);
    }
  }
}

export async function query(
  transport: TransportOptions,
  workflowRunId: string,
  workflow: string | undefined,
  signal: AbortSignal | undefined,
): Promise<RunView> {
  const headers = choosing(workflow);
  return (await post(transport, { path: "/v1/workflow/query/result", body: { workflowRunId }, headers, safe: true, signal })) as RunView;
}

/** A second time is the same answer, so it may be asked again. */
export async function cancel(
  transport: TransportOptions,
  workflowRunId: string,
  workflow: string | undefined,
  signal: AbortSignal | undefined,
): Promise<FailedRun> {
  needsMillrace(transport, "cancelling a run");
  const headers = choosing(workflow);
  return (await post(transport, { path: "/v1/workflow/run/cancel", body: { workflowRunId }, headers, safe: true, signal })) as FailedRun;
}

/** Under an id of its own, so that it may be sent again when the answer is lost. */
export async function send(
  transport: TransportOptions,
  workflowRunId: string,
  { name, value = null, id = crypto.randomUUID() }: SentSignal,
  workflow: string | undefined,
  signal: AbortSignal | undefined,
): Promise<RunView> {
  needsMillrace(transport, "a signal to a run");
  const body = { workflowRunId, name, value, id };
  return (await post(transport, { path: "/v1/workflow/run/signal", body, headers: choosing(workflow), safe: true, signal })) as RunView;
}

/** A key of several workflows names the run's. */
export function choosing(workflow: string | undefined): { readonly [name: string]: string } {
  return workflow === undefined ? {} : { "Millrace-Workflow": workflow };
}

export function settle<Output>(run: EndedRun<Output>, { throwOnFailure = true }: WaitOptions): EndedRun<Output> {
  if (run.status === "FAILED" && throwOnFailure) throw new RunFailedError(run);
  return run;
}
