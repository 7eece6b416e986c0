import type { Json, JsonObject } from "@millrace/contract";
import type { Usage } from "@millrace/engine";

/** The part of AbortSignal that the pure rooms need; the host passes a real one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The only way out of the process for a node. Throws `RetryableError` / `TerminalError` with the types http_network, http_timeout, http_too_large, egress_denied. */
export interface Egress {
  request(request: EgressRequest): Promise<EgressResponse>;
}

export interface EgressRequest {
  /** Absolute; with a connection also a path below its base URL. */
  readonly url: string;
  /** One of the node's connections: the server adds its credential, for the hosts that it is bound to. */
  readonly connection?: string;
  readonly method: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  readonly signal?: CancelSignal;
  /** Whole request, redirects and body included. Default 30,000. */
  readonly timeoutMs?: number;
  /** Decoded body bytes at most. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Default 5; 0 answers the 3xx itself. */
  readonly maxRedirects?: number;
}

export interface EgressResponse {
  /** The status of the last hop, 100-599; a non-2xx is an answer, not an exception. */
  readonly status: number;
  /** Lower-case names; repeated ones joined by ", ". */
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array;
  /** The URL that answered, after redirects. */
  readonly url: string;
}

/** Runs untrusted code. Plain JSON in, plain JSON out. Throws `TerminalError` with code_error, code_timeout, code_memory, limit_exceeded, unsupported. */
export interface Sandbox {
  run(call: SandboxCall): Promise<SandboxResult>;
  /** Renders a Jinja template. Throws `TerminalError` template_error, limit_exceeded. */
  render(call: TemplateCall): Promise<string>;
}

export interface TemplateCall {
  readonly template: string;
  /** What the template reads, by name. */
  readonly values: JsonObject;
  /** Wall time; default 5,000. */
  readonly timeoutMs?: number;
  readonly signal?: CancelSignal;
}

export interface SandboxCall {
  readonly language: "javascript" | "typescript";
  /** Declares `main`, or is the body of an async function that sees `inputs`, `params` (the same object) and every input name. */
  readonly code: string;
  readonly inputs: JsonObject;
  /** Wall time; default 10,000. */
  readonly timeoutMs?: number;
  /** Memory of the guest; default 64 MiB. */
  readonly memoryBytes?: number;
  readonly signal?: CancelSignal;
}

export interface SandboxResult {
  /** What `main` returned; undefined becomes null. */
  readonly value: Json;
  /** Captured console lines, `level text`; 64 KiB at most, then one line that says so. */
  readonly logs: readonly string[];
}

/**
 * Runs another workflow of the same tenant, as a run of its own. An attempt that takes over from one lost in a crash finds the run that the
 * lost one began. Throws `TerminalError` with missing_reference, type_error (the input), limit_exceeded (the depth).
 */
export interface Workflows {
  /** Resolves once the called run has ended; where the signal is aborted before, the called run is cancelled. */
  call(call: WorkflowCall): Promise<CalledRun>;
  /** Throws `TerminalError` missing_reference. */
  describe(workflow: Pick<WorkflowCall, "workflow" | "version">): Promise<DescribedWorkflow>;
}

export interface DescribedWorkflow {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input: what its Start node says. */
  readonly input: JsonObject;
}

export interface WorkflowCall {
  /** Id or name. */
  readonly workflow: string;
  /** null: the live one. */
  readonly version: string | null;
  readonly input: JsonObject;
  /** The called run is cancelled after this long, and its error is node_timeout; null: it takes its time. */
  readonly timeoutMs: number | null;
  readonly signal: CancelSignal;
}

export interface CalledRun {
  readonly runId: string;
  readonly workflowName: string;
  readonly output: JsonObject;
  /** Where the run failed: why. */
  readonly error: { readonly type: string; readonly message: string } | null;
  /** What all of its attempts cost together. */
  readonly usage: readonly Usage[];
}
