/** Every bound of a call to a provider, in one place. */

/** A call whose caller and connection name no limit: the longest answers of reasoning models take minutes. */
export const DEFAULT_CALL_TIMEOUT_MS = 10 * 60_000;

/** Of a streamed answer: models think, and gateways wait, for a minute and more before they say something. */
export const STREAM_IDLE_TIMEOUT_MS = 2 * 60_000;

/** One answer: the largest are audio. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Of an answer that says why a call failed. */
export const MAX_REFUSAL_BYTES = 64 * 1024;

/** Characters of a provider's own message that are shown. */
export const MAX_PROVIDER_MESSAGE = 500;
