import { RunHandle, settle, type WaitOptions } from "#run-handle";
import { RunStream } from "#run-stream";
import { needsMillrace, post, type TransportOptions } from "#transport";
import type { EndedRun, JsonObject, SucceededRun, WebhookTarget } from "#wire";

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

/** What begins runs of one workflow. */
export class Workflow<Input = JsonObject, Output = JsonObject> {
  readonly #transport: TransportOptions;
  readonly #name: string;

  constructor(transport: TransportOptions, name: string) {
    this.#transport = transport;
    this.#name = name;
  }

  /** Runs the workflow and resolves with the run that has ended. Throws RunFailedError, WaitTimeoutError, ApiError. */
  async invoke(input: Input, options: InvokeOptions & { throwOnFailure: false }): Promise<EndedRun<Output>>;
  async invoke(input: Input, options?: InvokeOptions): Promise<SucceededRun<Output>>;
  async invoke(input: Input, options: InvokeOptions = {}): Promise<EndedRun<Output>> {
    const answer = await this.#post({ input }, options);
    if ("output" in answer || answer.status === "FAILED") return settle(answer as EndedRun<Output>, options);
    return new RunHandle<Output>(this.#transport, answer.workflowRunId, this.#name).wait(options);
  }

  /** Starts a run and does not wait for it. */
  async start(input: Input, options: StartOptions = {}): Promise<RunHandle<Output>> {
    const { webhook } = options;
    const { workflowRunId } = await this.#post({ input, isAsync: true, ...(webhook && { webhook }) }, options);
    return new RunHandle(this.#transport, workflowRunId, this.#name);
  }

  /** Starts a run and follows it: its events, and what its models write while they write it. Leaving it does not stop the run. */
  async stream(input: Input, options: Omit<StartOptions, "startAt"> = {}): Promise<RunStream<Output>> {
    needsMillrace(this.#transport, "following a run");
    const { workflowRunId } = await this.start(input, options);
    return new RunStream(this.#transport, workflowRunId, this.#name, options);
  }

  async #post(
    body: { readonly input: Input; readonly isAsync?: boolean; readonly webhook?: readonly WebhookTarget[] },
    { userId, idempotencyKey, version, startAt, signal }: StartOptions,
  ): Promise<Begun<Output>> {
    const transport = this.#transport;
    if (version !== undefined) needsMillrace(transport, "choosing a version");
    if (startAt !== undefined) needsMillrace(transport, "startAt");
    const headers = {
      "Millrace-Workflow": this.#name,
      ...(version !== undefined && { "Millrace-Version": version }),
      ...(startAt !== undefined && { "Millrace-Start-At": startAt.toISOString() }),
      // With it a request whose fate is unknown may be made again: the server answers the run that it began before.
      "Idempotency-Key": idempotencyKey ?? crypto.randomUUID(),
    };
    const sent = { ...(userId !== undefined && { userId }), ...body };
    const request = { path: "/v1/workflow/invoke", body: sent, headers, safe: !transport.isVendor, signal };
    return (await post(transport, request)) as Begun<Output>;
  }
}

/** The run that has ended, or its acknowledgement. */
type Begun<Output> = EndedRun<Output> | { readonly workflowRunId: string; readonly status: "PENDING" | "RUNNING" };
