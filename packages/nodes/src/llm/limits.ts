/** Files of one call: what the large providers take. */
export const MAX_FILES = 20;

/** Earlier messages of one call. */
export const MAX_MESSAGES = 1_000;

/** For fetching a file, where the node has no `timeoutMs` of its own. */
export const FILE_TIMEOUT_MS = 30_000;
