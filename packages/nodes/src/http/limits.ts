/** Bounds of the http node. Bytes or milliseconds, as the name says. */

/** For a node without `timeoutMs` of its own. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** A request that takes ten minutes is a job: let it answer at once and be asked for its result. */
export const MAX_TIMEOUT_MS = 600_000;

/** An answer is held in memory and kept in the run's journal. */
export const DEFAULT_MAX_BYTES = 10_485_760;

/** As large as the largest file input. */
export const LARGEST_MAX_BYTES = 52_428_800;

/** Contents of a file in the result, before base64: they travel through the journal as text. */
export const MAX_FILE_BYTES = 1_048_576;

/** Nesting of JSON in an answer, as in requests to the server itself. */
export const MAX_JSON_DEPTH = 100;
