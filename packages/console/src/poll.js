// @ts-check

/** Pause between two refreshes. */
const EVERY_MS = 3_000;

/** Longest pause after failures: a server that comes back is seen within it. */
const SLOWEST_MS = 30_000;

/** A refresh is at most this part of the time, so that large answers do not keep the server busy. */
const REST_FACTOR = 5;

/** @typedef {"again" | "done"} Verdict */

/**
 * Does `work` now and again while the page is visible, until it answers "done" or `signal` is aborted. A failure goes to `failed`, which
 * says whether to try again; each pause after a failure is longer.
 * @param {() => Promise<Verdict>} work
 * @param {{ signal: AbortSignal, failed: (error: unknown) => Verdict }} options
 */
export async function poll(work, { signal, failed }) {
  let failures = 0;
  while (!signal.aborted) {
    const begunAt = performance.now();
    let askedMs = 0;
    try {
      if ((await work()) === "done") return;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      askedMs = /** @type {{ retryAfterMs?: number | null }} */ (error).retryAfterMs ?? 0;
      if (failed(error) === "done") return;
    }
    await rest(Math.max(askedMs, pauseMs(failures), REST_FACTOR * (performance.now() - begunAt)), signal);
    await untilVisible(signal);
  }
}

/** 3 s, after failures 3 s, 6 s, 12 s, … @param {number} failures in a row */
export function pauseMs(failures) {
  return Math.min(SLOWEST_MS, EVERY_MS * 2 ** Math.max(0, failures - 1));
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
function rest(ms, signal) {
  return until(signal, (done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
}

/** @param {AbortSignal} signal @returns {Promise<void>} */
async function untilVisible(signal) {
  if (!document.hidden) return;
  await until(signal, (done) => {
    const check = () => document.hidden || done();
    document.addEventListener("visibilitychange", check);
    return () => document.removeEventListener("visibilitychange", check);
  });
}

/**
 * Waits for what `start` announces, or for the signal, and leaves no listener behind.
 * @param {AbortSignal} signal
 * @param {(done: () => void) => () => void} start returns how to stop
 * @returns {Promise<void>}
 */
function until(signal, start) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      stop();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const stop = start(finish);
    signal.addEventListener("abort", finish);
  });
}
