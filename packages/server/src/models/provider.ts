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

const failed = new WeakMap<Error, Counts>();

/** The error, with what the call had cost by then, as far as the provider had said it. */
export function failedAfter<Failure extends Error>(error: Failure, counts: Counts | null): Failure {
  if (counts) failed.set(error, counts);
  return error;
}

/** What a call had cost when it failed with this error; null: the provider has not said. */
export function countsOf(error: Error): Counts | null {
  return failed.get(error) ?? null;
}

/** As the provider counted. */
export interface Counts {
  /** Cached ones included. */
  readonly inputTokens: number;
  /** Reasoning included. */
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
  /** ms until the first piece of a streamed answer came. */
  readonly firstTokenMs?: number;
}
