import type { Json, JsonObject } from "@millrace/contract";
import type { Usage } from "@millrace/engine";
import type { CancelSignal } from "#kit/capabilities";

/**
 * The models that the tenant may use. A model is named `connection/model`; `offline/extractive` is built in and needs neither key nor
 * network; null is the server's default.
 *
 * A call throws `RetryableError` llm_rate_limited (with the wait that the provider asks for), llm_error (5xx, a cut or silent connection);
 * `TerminalError` llm_auth, llm_unavailable (no such model or connection), llm_error (the request was refused), unsupported (the model
 * cannot do it). What a failed call cost is in the error's `usage`.
 */
export interface Models {
  chat(call: ChatCall): Promise<ChatAnswer>;
  embed(call: EmbedCall): Promise<EmbedAnswer>;
  speak(call: SpeakCall): Promise<SpeakAnswer>;
  transcribe(call: TranscribeCall): Promise<TranscribeAnswer>;
}

interface ModelCall {
  readonly model: string | null;
  readonly signal: CancelSignal;
  /** For the whole call; null: the connection's own limit. */
  readonly timeoutMs: number | null;
}

export interface ChatCall extends ModelCall {
  /** Asked instead where `model` fails with an error that another model may not have. */
  readonly backup?: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ChatTool[];
  /** JSON Schema that the text of the answer is to match. Providers that know schemas are given it, beside tools those that take both; nobody has checked the answer. */
  readonly schema?: JsonObject;
  readonly temperature?: number;
  /** Reasoning included. */
  readonly maxOutputTokens?: number;
  /** Makes it a streamed call, and hears of each piece as it comes. */
  readonly onDelta?: (delta: ChatDelta) => void;
}

export interface ChatDelta {
  readonly channel: "text" | "reasoning";
  readonly text: string;
}

export type ChatMessage =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly parts: readonly ChatPart[] }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: "tool"; readonly results: readonly ToolResult[] };

export type ChatPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "file"; readonly mediaType: string; readonly name?: string; readonly content: Uint8Array };

export interface ChatTool {
  /** `[A-Za-z0-9_-]{1,64}` */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: JsonObject;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: unchecked. */
  readonly input: JsonObject;
}

export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly output: Json;
  readonly isError: boolean;
}

export interface ChatAnswer {
  /** `connection/model` that answered. */
  readonly model: string;
  readonly text: string;
  /** What the model thought aloud, apart from its answer; null: nothing. */
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: "stop" | "length" | "tools" | "refused";
  /** One row a request that was paid for. */
  readonly usage: readonly Usage[];
}

export interface EmbedCall extends ModelCall {
  readonly texts: readonly string[];
}

export interface EmbedAnswer {
  readonly model: string;
  /** One a text, all of one length. */
  readonly vectors: readonly Float32Array[];
  readonly usage: readonly Usage[];
}

export interface SpeakCall extends ModelCall {
  readonly text: string;
  readonly voice?: string;
}

export interface SpeakAnswer {
  readonly model: string;
  readonly mediaType: string;
  readonly audio: Uint8Array;
  readonly usage: readonly Usage[];
}

export interface TranscribeCall extends ModelCall {
  readonly audio: Uint8Array;
  readonly mediaType: string;
}

export interface TranscribeAnswer {
  readonly model: string;
  readonly text: string;
  readonly usage: readonly Usage[];
}
