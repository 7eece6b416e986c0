/** Items at once at most: each may hold a socket, and a run has 32 nodes with effects under way at once anyway. */
export const MAX_CONCURRENCY = 64;

/** As in the .flow format: quick enough for slow targets, polite to small ones. */
export const DEFAULT_CONCURRENCY = 8;
