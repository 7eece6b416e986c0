import type {
  Acknowledgement,
  FailedRun,
  HeldAnswer,
  InvokeBody,
  RunEvent,
  RunView,
  SucceededRun,
  WebhookTarget,
} from "@millrace/contract";
import { type EventsOptions, followRun } from "#events";
import { cancel, choosing, type EndedRun, query, RunHandle, type SentSignal, send, settle, type WaitOptions } from "#run-handle";
import { RunStream } from "#run-stream";
import { post, type TransportOptions } from "#transport";

export interface ClientOptions {
  /** Default: MILLRACE_API_KEY. */
  readonly apiKey?: string;
  /** Default: MILLRACE_ENDPOINT, else http://127.0.0.1:7788. */
  readonly endpoint?: string;
  /** Further attempts of a request that was refused for now, or of a question that got no answer. Default 2. */
  readonly maxRetries?: number;
  readonly fetch?: typeof fetch;
  /** In a page everybody can read the key. */
  readonly dangerouslyAllowBrowser?: boolean;
}

export interface StartOptions {
  readonly userId?: string;
  readonly webhook?: readonly WebhookTarget[];
  readonly idempotencyKey?: string;
  /** Another version than the live one. */
  readonly version?: string;
  /** Not before this moment does the run begin. */
  readonly startAt?: Date;
  readonly signal?: AbortSignal;
}

export type InvokeOptions = Omit<StartOptions, "webhook" | "startAt"> & WaitOptions;

export interface ReplayOptions {
  /** `failed` (the default): what finished keeps its result, at no cost. */
  readonly from?: "failed" | "start";
  /** In place of `from`: the id of the node that runs again, with all that follows it. */
  readonly node?: string;
  /** `same` (the default), `live`, `draft`, or the name of a version. */
  readonly version?: string;
  /** In place of the run's input; only from the start. */
  readonly input?: Input;
  readonly signal?: AbortSignal;
}

type Input = InvokeBody["input"];

const DEFAULT_ENDPOINT = "http://127.0.0.1:7788";

/** There the same request made twice is two runs. */
const VENDOR_HOST = /(^|\.)gptbots\.ai$/;

/** A client of one server. Holds no connection and no state: make one, or make many. */
export class Client {
  readonly #transport: TransportOptions;

  constructor(options: ClientOptions = {}) {
    const environment = globalThis.process?.env ?? {};
    if ("document" in globalThis && options.dangerouslyAllowBrowser !== true) {
      throw new Error("a page shows its API key to everybody who opens it; call the server from your own, or set dangerouslyAllowBrowser");
    }
    const apiKey = options.apiKey ?? environment["MILLRACE_API_KEY"] ?? "";
    if (apiKey === "") throw new Error("no API key: pass apiKey, or set MILLRACE_API_KEY");
    const endpoint = options.endpoint || environment["MILLRACE_ENDPOINT"] || DEFAULT_ENDPOINT;
    this.#transport = {
      endpoint: endpoint.replace(/(?<!\/)\/+$/, ""),
      apiKey,
      maxRetries: options.maxRetries ?? 2,
      fetch: options.fetch ?? globalThis.fetch,
      knowsIdempotencyKeys: !VENDOR_HOST.test(new URL(endpoint).hostname),
    };
  }

  /** A workflow by its id or name. */
  workflows(idOrName: string): Workflow {
    return new Workflow(this.#transport, idOrName);
  }

  readonly runs = {
    /** The run as it is now. A key of several workflows names the run's. */
    get: (workflowRunId: string, options: { workflow?: string; signal?: AbortSignal } = {}): Promise<RunView> => {
      return query(this.#transport, workflowRunId, options.workflow, options.signal);
    },
    /** The cancelled run. Throws ConflictError where it has ended otherwise. */
    cancel: (workflowRunId: string, options: { workflow?: string; signal?: AbortSignal } = {}): Promise<FailedRun> => {
      return cancel(this.#transport, workflowRunId, options.workflow, options.signal);
    },
    /** Tells a run what a node of it waits for, or will; the run as it is then. Throws ConflictError where it has ended. */
    signal: (workflowRunId: string, sent: SentSignal, options: { workflow?: string; signal?: AbortSignal } = {}): Promise<RunView> => {
      return send(this.#transport, workflowRunId, sent, options.workflow, options.signal);
    },
    /**
     * Runs an ended run again, as a new run; the old one stays as it is. Needs an admin key. Throws ConflictError where there is nothing to
     * replay: a run that goes on, or that did not fail and is to go on from its failure.
     */
    replay: async (workflowRunId: string, { signal, ...body }: ReplayOptions = {}): Promise<RunHandle> => {
      const path = `/api/v1/runs/${encodeURIComponent(workflowRunId)}/replay`;
      const answer = await post(this.#transport, { path, body, headers: {}, safe: false, signal });
      const { workflowRunId: id, workflowId } = answer as Acknowledgement;
      return new RunHandle(this.#transport, id, workflowId);
    },
    /** Follows a run that was started before, from its beginning or after the last event that was seen. */
    stream: (workflowRunId: string, options: EventsOptions & { workflow?: string } = {}): RunStream => {
      return new RunStream(this.#transport, workflowRunId, options.workflow, options);
    },
    /** What happens in a run, from its beginning or after an event, up to its end. Lost connections are made again. */
    events: (workflowRunId: string, options: EventsOptions & { workflow?: string } = {}): AsyncGenerator<RunEvent> => {
      return followRun(this.#transport, workflowRunId, choosing(options.workflow), options);
    },
  };
}

export class Workflow {
  readonly #transport: TransportOptions;
  readonly #name: string;

  constructor(transport: TransportOptions, name: string) {
    this.#transport = transport;
    this.#name = name;
  }

  /** Runs the workflow and resolves with the run that has ended. Throws RunFailedError, WaitTimeoutError, ApiError. */
  async invoke(input: Input, options: InvokeOptions & { throwOnFailure: false }): Promise<EndedRun>;
  async invoke(input: Input, options?: InvokeOptions): Promise<SucceededRun>;
  async invoke(input: Input, options: InvokeOptions = {}): Promise<EndedRun> {
    const answer = await this.#post({ input }, options);
    if ("output" in answer || answer.status === "FAILED") return settle(answer as EndedRun, options);
    return new RunHandle(this.#transport, answer.workflowRunId, this.#name).wait(options);
  }

  /** Starts a run and does not wait for it. */
  async start(input: Input, options: StartOptions = {}): Promise<RunHandle> {
    const { webhook } = options;
    const { workflowRunId } = await this.#post({ input, isAsync: true, ...(webhook && { webhook: [...webhook] }) }, options);
    return new RunHandle(this.#transport, workflowRunId, this.#name);
  }

  /** Starts a run and follows it: its events, and what its models write while they write it. Leaving it does not stop the run. */
  async stream(input: Input, options: Omit<StartOptions, "startAt"> = {}): Promise<RunStream> {
    const { workflowRunId } = await this.start(input, options);
    return new RunStream(this.#transport, workflowRunId, this.#name, options);
  }

  async #post(
    body: InvokeBody,
    { userId, idempotencyKey, version, startAt, signal }: StartOptions,
  ): Promise<EndedRun | Acknowledgement | HeldAnswer> {
    const headers = {
      "Millrace-Workflow": this.#name,
      ...(version !== undefined && { "Millrace-Version": version }),
      ...(startAt !== undefined && { "Millrace-Start-At": startAt.toISOString() }),
      // With it a request whose fate is unknown may be made again: the server answers the run that it began before.
      "Idempotency-Key": idempotencyKey ?? crypto.randomUUID(),
    };
    const sent = { ...(userId !== undefined && { userId }), ...body };
    const answer = await post(this.#transport, {
      path: "/v1/workflow/invoke",
      body: sent,
      headers,
      safe: this.#transport.knowsIdempotencyKeys,
      signal,
    });
    return answer as EndedRun | Acknowledgement | HeldAnswer;
  }
}
