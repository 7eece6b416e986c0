import assert from "node:assert/strict";
import type { Json, JsonObject } from "@millrace/contract";
import { RetryableError, TerminalError, type Usage } from "@millrace/engine";
import type { EgressRequest, EgressResponse, SandboxCall, WorkflowCall } from "#kit/capabilities";
import type { Capabilities } from "#kit/executor";

/** One request that a node must make, and what comes of it. */
export interface ScriptedExchange {
  readonly request: ScriptedRequest;
  readonly response?: ScriptedResponse;
  readonly error?: ScriptedError;
}

/** Compared as a whole: a member that is not named must be absent. `base64` stands for a body of bytes. */
interface ScriptedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly base64?: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

interface ScriptedResponse {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly base64?: string;
  /** The URL that answered; absent: the one that was asked. */
  readonly url?: string;
}

interface ScriptedError {
  readonly type: string;
  readonly message: string;
  readonly retryable?: boolean;
}

export interface ScriptedSandbox {
  readonly call: { readonly language: string; readonly code: string; readonly inputs: JsonObject; readonly timeoutMs?: number };
  readonly value?: Json;
  readonly logs?: readonly string[];
  readonly error?: ScriptedError;
}

export interface ScriptedWorkflow {
  readonly call: { readonly workflow: string; readonly version: string | null; readonly input: JsonObject; readonly timeoutMs?: number };
  readonly output?: JsonObject;
  readonly error?: ScriptedError;
  readonly usage?: readonly Usage[];
}

/** Capabilities that play a script, and fail the test where the node strays from it. */
export function scripted(
  exchanges: readonly ScriptedExchange[],
  sandbox: ScriptedSandbox | undefined,
  workflow: ScriptedWorkflow | undefined,
): { capabilities: Capabilities; finish(): void } {
  const waiting = [...exchanges];
  let calls = 0;
  let workflowCalls = 0;
  const capabilities: Capabilities = {
    egress: {
      request: async (request) => {
        const next = waiting.shift();
        assert.ok(next, `unexpected request: ${request.method} ${request.url}`);
        assert.deepEqual(spelled(request), { headers: [], ...next.request });
        if (next.error) throw thrown(next.error);
        return answerOf(next.response ?? { status: 200 }, request.url);
      },
    },
    sandbox: {
      run: async ({ signal: _, ...call }: SandboxCall) => {
        calls += 1;
        assert.ok(sandbox, "unexpected call of the sandbox");
        assert.deepEqual(call, sandbox.call);
        if (sandbox.error) throw thrown(sandbox.error);
        return { value: sandbox.value ?? null, logs: sandbox.logs ?? [] };
      },
    },
    workflows: {
      call: async ({ signal: _, timeoutMs, ...call }: WorkflowCall) => {
        workflowCalls += 1;
        assert.ok(workflow, "unexpected call of a workflow");
        assert.deepEqual({ ...call, ...(timeoutMs !== null && { timeoutMs }) }, workflow.call);
        const { output = {}, error = null, usage = [] } = workflow;
        return { runId: "run-2", workflowName: call.workflow, output, error, usage };
      },
    },
  };
  const finish = () => {
    assert.deepEqual(waiting, [], "requests that were not made");
    assert.equal(calls, sandbox ? 1 : 0, "calls of the sandbox");
    assert.equal(workflowCalls, workflow ? 1 : 0, "calls of a workflow");
  };
  return { capabilities, finish };
}

/** A request as a sample spells it. Limits are compared in the samples that are about them; see `withoutDefaults`. */
function spelled({ signal: _, body, headers = [], ...rest }: EgressRequest): JsonObject {
  const sent = body === undefined ? {} : typeof body === "string" ? { body } : { base64: Buffer.from(body).toString("base64") };
  return { ...withoutDefaults(rest), headers: headers.map((field) => [...field]), ...sent };
}

function withoutDefaults({ timeoutMs, maxBytes, ...rest }: Omit<EgressRequest, "signal" | "body" | "headers">): JsonObject {
  return {
    ...rest,
    ...(timeoutMs !== undefined && timeoutMs !== 30_000 && { timeoutMs }),
    ...(maxBytes !== undefined && maxBytes !== 10_485_760 && { maxBytes }),
  };
}

function answerOf({ status, headers = {}, body = "", base64, url }: ScriptedResponse, asked: string): EgressResponse {
  const bytes = base64 === undefined ? Buffer.from(body) : Buffer.from(base64, "base64");
  return { status, headers, body: new Uint8Array(bytes), url: url ?? asked };
}

function thrown({ type, message, retryable }: ScriptedError): Error {
  return retryable ? new RetryableError(type, message) : new TerminalError(type, message);
}
