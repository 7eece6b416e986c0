import { setFlagsFromString } from "node:v8";

/**
 * Runs are many and short. While a server warms up, those in flight outlive a few collections, from which V8 concludes that objects made
 * at those places are better made among the old ones, and then every run ends there: a quarter of the time of a busy thread went into
 * collecting them. The flag is read whenever a function is compiled or a heap collected, so that it may be set in a process that runs.
 */
export function expectShortLives(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
