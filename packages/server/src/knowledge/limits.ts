// What people meet of these limits is in contract/limits.ts.

/** Passages that become durable together: their words are taken apart in one turn of the event loop. */
export const PASSAGES_AT_ONCE = 16;

/** Passages that are cut in one turn of the event loop: some milliseconds. */
export const CUT_AT_ONCE = 64;

/** Documents that are indexed at once: parsing has a process of its own, models have theirs. */
export const DOCUMENTS_AT_ONCE = 2;

/** How often a model is asked for the same vectors, and the first pause after a failure; each later one is twice as long. */
export const EMBED_ATTEMPTS = 5;
export const EMBED_PAUSE_MS = 1_000;

/** Passages that each ranking gives to the common one: more than `topK` finds what stands late in one and early in the other. */
export const CANDIDATES = 100;

/** Different words of a query that are looked for. */
export const MAX_QUERY_WORDS = 64;

/** Conditions of a filter, and values of one `in`. */
export const MAX_CONDITIONS = 20;
export const MAX_VALUES = 100;
