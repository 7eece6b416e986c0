import assert from "node:assert/strict";
import type { Json, JsonObject } from "@millrace/contract";
import { RetryableError, TerminalError, type Usage } from "@millrace/engine";
import type { DescribedWorkflow, EgressRequest, EgressResponse, SandboxCall, TemplateCall, WorkflowCall } from "#kit/capabilities";
import type { DatabaseRows } from "#kit/databases";
import type { Capabilities } from "#kit/executor";
import type { ParsedFile } from "#kit/file-parser";
import type { KnowledgeItem } from "#kit/knowledge";
import type { ChatAnswer, ChatCall, ChatMessage, ChatPart } from "#kit/models";
import type { Tool, ToolAnswer } from "#kit/tools";

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

/** One call of a chat model that a node must make, as a whole but for its signal. */
export interface ScriptedChat {
  readonly call: JsonObject;
  readonly answer?: Partial<ChatAnswer>;
  readonly error?: ScriptedError;
}

/** What a node must have spoken or written down, as a whole but for its signal; recordings are base64. */
export interface ScriptedAudio {
  readonly call: JsonObject;
  readonly answer?: {
    readonly model: string;
    readonly mediaType?: string;
    readonly base64?: string;
    readonly text?: string;
    readonly usage: readonly Usage[];
  };
  readonly error?: ScriptedError;
}

/** A file that a node must have read; its contents are base64. */
export interface ScriptedParse {
  readonly call: { readonly name: string; readonly mediaType: string | null; readonly form: string; readonly base64: string };
  readonly answer?: ParsedFile;
  readonly error?: ScriptedError;
}

/** What a node must look for, as a whole but for its signal. */
export interface ScriptedSearch {
  readonly call: JsonObject;
  readonly items?: readonly KnowledgeItem[];
  readonly error?: ScriptedError;
}

/** A statement that a node must send, as a whole but for its signal. */
export interface ScriptedQuery {
  readonly query: JsonObject;
  readonly answer?: DatabaseRows;
  readonly error?: ScriptedError;
}

/** A tool that a node must call; `timeoutMs` where there is one. */
export interface ScriptedTool {
  readonly call: JsonObject;
  readonly answer?: ToolAnswer;
  readonly error?: ScriptedError;
}

/** A template that a node must have rendered; `timeoutMs` where there is one. */
export interface ScriptedRendering {
  readonly call: JsonObject;
  readonly text?: string;
  readonly error?: ScriptedError;
}

/** What the world does to a node. */
export interface Script {
  /** What egress is asked and answers, in order. */
  readonly exchanges?: readonly ScriptedExchange[];
  /** What the sandbox is asked and answers. */
  readonly sandbox?: ScriptedSandbox;
  /** What the interpreter of templates is asked and answers. */
  readonly rendering?: ScriptedRendering;
  /** What the called workflow is given and answers. */
  readonly calls?: ScriptedWorkflow;
  /** What workflows say of themselves, by name. */
  readonly described?: { readonly [name: string]: Partial<DescribedWorkflow> };
  /** What models are asked and answer, in order. */
  readonly chats?: readonly ScriptedChat[];
  /** Texts that are spoken, in order. */
  readonly speeches?: readonly ScriptedAudio[];
  /** Recordings that are written down, in order. */
  readonly transcriptions?: readonly ScriptedAudio[];
  /** Files that are read, in order. */
  readonly parses?: readonly ScriptedParse[];
  /** What is looked for in knowledge bases, in order. */
  readonly searches?: readonly ScriptedSearch[];
  /** What databases are asked and answer, in order. */
  readonly queries?: readonly ScriptedQuery[];
  /** Tools that the server knows. */
  readonly tools?: readonly Tool[];
  /** What tools are called with and answer, in order. */
  readonly toolCalls?: readonly ScriptedTool[];
}

/** Capabilities of a node that uses none. */
export const NO_CAPABILITIES: Capabilities = {
  egress: { request: absent },
  sandbox: { run: absent, render: absent },
  workflows: { call: absent, describe: absent },
  models: { chat: absent, embed: absent, speak: absent, transcribe: absent },
  files: { parse: absent },
  knowledge: { search: absent },
  databases: { query: absent },
  tools: { list: absent, call: absent },
};

/** Capabilities that play a script, and fail the test where the node strays from it. */
export function scripted(script: Script): {
  capabilities: Capabilities;
  finish(): void;
} {
  const { exchanges = [], sandbox, rendering, calls, described = {}, chats = [], speeches = [], transcriptions = [] } = script;
  const { parses = [], searches = [], queries = [], tools = [], toolCalls = [] } = script;
  const requests = lineOf(exchanges, "request");
  const runs = lineOf(sandbox ? [sandbox] : [], "call of the sandbox");
  const rendered = lineOf(rendering ? [rendering] : [], "template");
  const called = lineOf(calls ? [calls] : [], "call of a workflow");
  const asked = lineOf(chats, "call of a model");
  const spoken = lineOf(speeches, "text to speak");
  const heard = lineOf(transcriptions, "recording to write down");
  const read = lineOf(parses, "file to read");
  const sought = lineOf(searches, "search");
  const queried = lineOf(queries, "statement");
  const used = lineOf(toolCalls, "call of a tool");
  const capabilities: Capabilities = {
    egress: {
      request: async (request) => {
        const next = requests.next(request.url);
        assert.deepEqual(spelled(request), { headers: [], ...next.request });
        if (next.error) throw thrown(next.error);
        return answerOf(next.response ?? { status: 200 }, request.url);
      },
    },
    sandbox: {
      run: async ({ signal: _, ...call }: SandboxCall) => {
        const next = runs.next(call.language);
        assert.deepEqual(call, next.call);
        if (next.error) throw thrown(next.error);
        return { value: next.value ?? null, logs: next.logs ?? [] };
      },
      render: async ({ signal: _, ...call }: TemplateCall) => {
        const next = rendered.next(call.template);
        assert.deepEqual(call, next.call);
        if (next.error) throw thrown(next.error);
        return next.text ?? "";
      },
    },
    workflows: {
      call: async ({ signal: _, timeoutMs, ...call }: WorkflowCall) => {
        const next = called.next(call.workflow);
        assert.deepEqual({ ...call, ...(timeoutMs !== null && { timeoutMs }) }, next.call);
        const { output = {}, error = null, usage = [] } = next;
        return { runId: "run-2", workflowName: call.workflow, output, error, usage };
      },
      describe: async ({ workflow }) => {
        const found = described[workflow];
        if (!found) throw new TerminalError("missing_reference", `There is no workflow "${workflow}".`);
        return { name: workflow, description: "", input: { type: "object", properties: {} }, ...found };
      },
    },
    models: {
      ...NO_CAPABILITIES.models,
      chat: async ({ signal: _, timeoutMs, onDelta: __, ...call }: ChatCall) => {
        const next = asked.next(call.model ?? "the default");
        assert.deepEqual({ ...call, messages: call.messages.map(spelledMessage), ...(timeoutMs !== null && { timeoutMs }) }, next.call);
        if (next.error) throw thrown(next.error);
        return { model: call.model ?? "offline/extractive", ...SILENCE, ...next.answer };
      },
      speak: async ({ signal: _, timeoutMs: __, ...call }) => {
        const { mediaType = "", base64 = "", ...answer } = audioAnswer(spoken.next(call.text), call);
        return { ...answer, mediaType, audio: new Uint8Array(Buffer.from(base64, "base64")) };
      },
      transcribe: async ({ signal: _, timeoutMs: __, audio, ...call }) => {
        const { text = "", ...answer } = audioAnswer(heard.next(call.mediaType), {
          ...call,
          base64: Buffer.from(audio).toString("base64"),
        });
        return { ...answer, text };
      },
    },
    files: {
      parse: async ({ signal: _, timeoutMs: __, content, ...call }) => {
        const next = read.next(call.name);
        assert.deepEqual({ ...call, base64: Buffer.from(content).toString("base64") }, next.call);
        if (next.error) throw thrown(next.error);
        return next.answer ?? { text: "", pages: [], tables: [] };
      },
    },
    knowledge: {
      search: async ({ signal: _, timeoutMs: __, ...call }) => {
        const next = sought.next(call.query);
        assert.deepEqual(call, next.call);
        if (next.error) throw thrown(next.error);
        return { items: next.items ?? [], usage: [] };
      },
    },
    databases: {
      query: async ({ signal: _, ...query }) => {
        const next = queried.next(query.connection);
        assert.deepEqual(query, next.query);
        if (next.error) throw thrown(next.error);
        return next.answer ?? { rows: [], rowCount: 0, columns: [], truncated: false };
      },
    },
    tools: {
      list: async (names) => names.flatMap((name) => tools.filter((tool) => tool.name === name || tool.name.startsWith(`${name}/`))),
      call: async ({ signal: _, timeoutMs, ...call }) => {
        const next = used.next(call.tool);
        assert.deepEqual({ ...call, ...(timeoutMs !== null && { timeoutMs }) }, next.call);
        if (next.error) throw thrown(next.error);
        return next.answer ?? { result: null, text: "" };
      },
    },
  };
  const finish = () => {
    for (const line of [requests, runs, called, asked, spoken, heard, read, sought, queried, used]) line.finish();
  };
  return { capabilities, finish };
}

const SILENCE: Omit<ChatAnswer, "model"> = { text: "", reasoning: null, toolCalls: [], finish: "stop", usage: [] };

function audioAnswer({ call, answer, error }: ScriptedAudio, made: unknown) {
  assert.deepEqual(made, call);
  if (error) throw thrown(error);
  return answer ?? assert.fail("neither an answer nor an error");
}

function lineOf<T>(script: readonly T[], what: string): { next(shown: string): T; finish(): void } {
  const waiting = [...script];
  const next = (shown: string): T => {
    const first = waiting.shift();
    assert.ok(first, `unexpected ${what}: ${shown}`);
    return first;
  };
  return { next, finish: () => assert.deepEqual(waiting, [], `expected one more ${what}`) };
}

function absent(): Promise<never> {
  return Promise.reject(new Error("not here"));
}

/** Bytes of files are base64 in a sample. */
function spelledMessage(message: ChatMessage): unknown {
  if (message.role !== "user") return message;
  const spelledPart = (part: ChatPart) => {
    if (part.type === "text") return part;
    const { content, ...rest } = part;
    return { ...rest, base64: Buffer.from(content).toString("base64") };
  };
  return { ...message, parts: message.parts.map(spelledPart) };
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
