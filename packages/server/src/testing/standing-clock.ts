import type { Clock } from "#clock";

/** Wall time that stands still until it is moved; what waits for a time is called when it is reached. */
export interface StandingClock extends Clock {
  moveTo(wallMs: number): void;
}

export function standingClock(start: number): StandingClock {
  let now = start;
  const waiting = new Set<{ readonly at: number; readonly wake: () => void }>();
  const wakeDue = (): void => {
    const due = [...waiting].filter(({ at }) => at <= now).sort((left, right) => left.at - right.at);
    for (const one of due) if (waiting.delete(one)) one.wake();
  };
  return {
    now: () => now,
    mono: () => performance.now(),
    at: (at, wake) => {
      const one = { at, wake };
      waiting.add(one);
      if (at <= now) setImmediate(wakeDue);
      return () => void waiting.delete(one);
    },
    soon: (wake) => void setImmediate(wake),
    moveTo: (wallMs) => {
      now = Math.max(now, wallMs);
      wakeDue();
    },
  };
}
