/** What starts a run once for ever does so under a key that is remembered for longer than any server is away, ms. It goes with its run. */
export const REMEMBERED_MS = 10 * 366 * 24 * 60 * 60 * 1_000;
