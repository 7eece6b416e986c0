/** Model calls of one agent: where its config says nothing, and at most. */
export const DEFAULT_MAX_STEPS = 10;
export const LARGEST_MAX_STEPS = 50;

/** Tools in all that the entries of `tools` come to. */
export const MAX_TOOLS = 128;

/** Tools that one answer of the model may call; what it calls beyond is refused, and it is told. */
export const MAX_CALLS = 16;

/** Characters of what a tool answers that the model is told; the rest is cut off, and it is told that. */
export const MAX_TOLD_CHARACTERS = 50_000;

/** Of these, what the node's own result shows. */
export const MAX_SHOWN_CHARACTERS = 2_000;

/** Passages that a knowledge tool finds. */
export const DEFAULT_PASSAGES = 5;
export const MAX_PASSAGES = 20;

/** Bytes of the answer to a request that a tool makes. */
export const MAX_ANSWER_BYTES = 1_048_576;

/** For a request of a tool, where the node has no `timeoutMs` of its own. */
export const REQUEST_TIMEOUT_MS = 30_000;
