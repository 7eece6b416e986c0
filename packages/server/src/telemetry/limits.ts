// Of the first two, as many again may be under way.

/** Ended runs whose spans are still to be made; of more, none are. */
export const MAX_WAITING_RUNS = 10_000;

/** Spans of requests that wait to be exported; more are dropped. */
export const MAX_WAITING_SPANS = 2_048;

/** Spans in one export. */
export const MAX_BATCH_SPANS = 512;

/** From the first span until the export that takes it along with what came meanwhile. */
export const EXPORT_DELAY_MS = 1_000;

/** Of one export. */
export const EXPORT_TIMEOUT_MS = 10_000;

/** Exports of the same spans before they are dropped. */
export const MAX_EXPORT_TRIES = 5;

/** Wait before the second try; each further one is twice as long. */
export const FIRST_BACK_OFF_MS = 1_000;

/** What is left over may take this long when the server stops. */
export const FLUSH_MS = 2_000;
