// What crosses the wire, in types of this package's own: whoever installs it installs nothing else. A test holds them to the server's.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

/** Where the result of an asynchronous run is sent. */
export interface WebhookTarget {
  /** GET, POST, PUT or PATCH; case does not matter. */
  readonly method: string;
  /** Absolute http or https URL. */
  readonly url: string;
  readonly headers?: { readonly [name: string]: string } | null;
}

interface RunHead {
  readonly workflowId: string;
  /** The name at acceptance. */
  readonly workflowName: string;
  readonly workflowVersion: string;
  readonly workflowRunId: string;
}

/** Why a run failed; the node, where one is to blame. */
export interface RunError {
  readonly code: number;
  /** Stable word; the page /errors/<type> of the server explains it. */
  readonly type: string;
  readonly message: string;
  readonly nodeId?: string;
  readonly nodeName?: string;
}

/** What a paused run waits for. */
export interface WaitingFor {
  readonly type: "human" | "timer" | "signal";
  readonly nodeId: string;
  readonly nodeName: string;
  /** Epoch ms. */
  readonly since: number;
  /** When the wait ends by itself, epoch ms. */
  readonly until?: number;
  /** With `human`: what people are asked to decide, and where. */
  readonly approvalId?: string;
  readonly approvalPath?: string;
}

interface RunTotals {
  /** Milliseconds spent executing, without waits for people and timers. */
  readonly workflowExecutionTime: number;
  /** Credits, 100 = US$1. */
  readonly totalCost: number;
  readonly totalTokens: number;
  /** Epoch ms. */
  readonly startTime: number;
  readonly endTime: number;
}

/** A run that has not begun. */
export interface PendingRun extends RunHead {
  readonly input: JsonObject;
  readonly status: "PENDING";
  /** Place in the line of runs that wait for their turn; 1 is next. */
  readonly queuePosition?: number;
}

export interface RunningRun extends RunHead {
  readonly input: JsonObject;
  readonly status: "RUNNING";
  readonly startTime: number;
  readonly waitingFor?: WaitingFor;
  readonly queuePosition?: number;
}

export interface SucceededRun<Output = JsonObject> extends RunHead, RunTotals {
  readonly input: JsonObject;
  readonly output: Output;
  readonly status: "SUCCEED";
}

export interface FailedRun extends RunHead, RunTotals {
  readonly input: JsonObject;
  readonly status: "FAILED";
  readonly error: RunError;
}

export type EndedRun<Output = JsonObject> = SucceededRun<Output> | FailedRun;

/** One run, by its status. */
export type RunView<Output = JsonObject> = PendingRun | RunningRun | EndedRun<Output>;

/** A run as lists show it; absent is what there is not (yet). */
export interface RunHeader {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly version: string;
  readonly status: RunStatus;
  readonly trigger: RunTrigger;
  /** Of the schedule or hook, or of the run that it retries or answers to. */
  readonly starterId?: string;
  readonly userId?: string;
  /** Whose request began it. */
  readonly key?: { readonly id: string; readonly hint?: string; readonly name?: string };
  /** Epoch ms. */
  readonly acceptedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly executionMs?: number;
  /** 100 = US$1. */
  readonly credits?: number;
  readonly tokens?: number;
  readonly error?: RunError;
  readonly waitingFor?: WaitingFor;
}

export type RunStatus = RunView["status"];
/** What began a run. */
export type RunTrigger = "api" | "schedule" | "webhook" | "manual" | "retry" | "workflow" | "draft";

export interface RunStartedEvent extends RunHead {
  /** Epoch ms. */
  readonly at: number;
}

interface EventOfNode {
  readonly nodeId: string;
  readonly nodeName: string;
  /** Where in the run: `fetch`, or `each[3]/fetch` in the fourth item of `each`. */
  readonly path: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface NodeEvent extends EventOfNode {
  /** With `node.started` and `node.failed`. */
  readonly attempt?: number;
  /** With `node.finished`: the way taken, where the node has one. */
  readonly port?: string;
  readonly output?: unknown;
  readonly error?: RunError;
  /** Taken over from the run that this one retries; nothing was executed. */
  readonly reused?: true;
  /** With `node.failed`: when the next attempt begins, where one follows. */
  readonly retryAt?: number;
}

/** A piece of what a model writes. It goes on where the last one of the same attempt and channel ended. */
export interface NodeDeltaEvent extends EventOfNode {
  readonly attempt: number;
  readonly channel: "text" | "reasoning";
  readonly text: string;
}

export interface RunWaitingEvent extends EventOfNode {
  readonly type: "human" | "timer" | "signal";
  /** Of the signal. */
  readonly name?: string;
  readonly until?: number;
  readonly approvalId?: string;
  readonly approvalPath?: string;
  /** What people are asked, in a line. */
  readonly title?: string;
  readonly reused?: true;
}

/** One event of a run. Those with an id are kept: all of them come, each once and in order. */
export type RunEvent = KeptEvent | { readonly id?: undefined; readonly event: "node.delta"; readonly data: NodeDeltaEvent };

type KeptEvent = { readonly id: number } & (
  | { readonly event: "run.started"; readonly data: RunStartedEvent }
  | { readonly event: "node.started" | "node.finished" | "node.failed"; readonly data: NodeEvent }
  | { readonly event: "run.waiting"; readonly data: RunWaitingEvent }
  | { readonly event: "run.finished"; readonly data: EndedRun }
);

/** One fault of a body or an input. */
export interface ErrorItem {
  /** JSON pointer. */
  readonly path: string;
  readonly code: string;
  readonly expected?: string;
  readonly received?: string;
  readonly message?: string;
}

/** The body of a refusal, as far as this package reads it. */
export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly type: string;
  readonly errors?: readonly ErrorItem[];
  readonly requestId: string;
}
