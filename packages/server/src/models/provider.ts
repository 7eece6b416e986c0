import type {
  ChatAnswer,
  ChatCall,
  EmbedAnswer,
  EmbedCall,
  SpeakAnswer,
  SpeakCall,
  TranscribeAnswer,
  TranscribeCall,
} from "@millrace/nodes";

/**
 * Speaks one provider's wire for one connection. A call is one request: nothing is tried again here, and nothing is priced. Errors are those
 * of `Models` (nodes/kit).
 */
export interface ModelProvider {
  chat(call: ProviderCall<ChatCall>): Promise<Counted<ChatAnswer>>;
  embed(call: ProviderCall<EmbedCall>): Promise<Counted<EmbedAnswer>>;
  speak(call: ProviderCall<SpeakCall>): Promise<Counted<SpeakAnswer>>;
  transcribe(call: ProviderCall<TranscribeCall>): Promise<Counted<TranscribeAnswer>>;
}

/** `model` is the provider's own name for it. */
export type ProviderCall<Call> = Omit<Call, "model" | "backup"> & { readonly model: string };

export type Counted<Answer> = Omit<Answer, "model" | "usage"> & { readonly counts: Counts };

/** As the provider counted. */
export interface Counts {
  /** Cached ones included. */
  readonly inputTokens: number;
  /** Reasoning included. */
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}
