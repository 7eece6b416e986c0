/** Rows of one answer. */
export const DEFAULT_MAX_ROWS = 1_000;
export const MAX_ROWS = 10_000;

/** Bytes of the rows of one answer, as JSON. */
export const MAX_RESULT_BYTES = 5_242_880;

/** A statement, and the values that are bound in it, elements of lists included. */
export const MAX_SQL_CHARACTERS = 100_000;
export const MAX_VALUES = 1_000;

/** How long a statement may take where the node has no limit of its own, and at most. */
export const DEFAULT_TIMEOUT_MS = 10_000;
export const MAX_TIMEOUT_MS = 300_000;
