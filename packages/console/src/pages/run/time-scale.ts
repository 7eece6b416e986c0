/** A stretch of time, epoch ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** An idle stretch that is drawn shorter than it was. */
export interface Gap extends Stretch {
  /** Where it is drawn: shares of the width, 0 to 1. */
  readonly left: number;
  readonly width: number;
}

export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly gaps: readonly Gap[];
  /** Share of the width, 0 to 1, at which a moment is drawn. */
  at(moment: number): number;
}

/** Of all that is shown, what an idle stretch must take at least to be folded, and what is left of it. */
const FOLDED_FROM = 0.1;
const FOLDED_TO = 0.03;

/** Shorter idle stretches are never folded, ms. */
const SHORTEST_GAP_MS = 500;

/**
 * Moments to places. Long stretches in which nothing ran (a person, a timer) are folded: without that they press everything else into a
 * hair's breadth.
 * @param busy when something ran
 * @param window what is shown: the whole, or what was brushed
 */
export function timeScale(busy: readonly Stretch[], window: Stretch, fold: boolean): TimeScale {
  const { from, to } = window;
  const total = Math.max(1, to - from);
  const idle = fold ? idleStretches(busy, window).filter((gap) => gap.to - gap.from >= Math.max(SHORTEST_GAP_MS, total * FOLDED_FROM)) : [];
  const folded = idle.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const drawn = total - folded;
  const room = 1 - idle.length * FOLDED_TO;
  const at = (moment: number) => {
    const place = Math.min(Math.max(moment, from), to);
    let share = drawn === 0 ? 0 : ((place - from - foldedBefore(idle, place)) / drawn) * room;
    for (const gap of idle) if (place > gap.from) share += FOLDED_TO * Math.min(1, (place - gap.from) / (gap.to - gap.from));
    return Math.min(1, Math.max(0, share));
  };
  return { from, to, at, gaps: idle.map((gap) => ({ ...gap, left: at(gap.from), width: FOLDED_TO })) };
}

function foldedBefore(idle: readonly Stretch[], moment: number): number {
  return idle.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(moment, to) - from), 0);
}

/** What no stretch covers, within the window. */
function idleStretches(busy: readonly Stretch[], { from, to }: Stretch): Stretch[] {
  const found: Stretch[] = [];
  let reached = from;
  for (const stretch of busy.toSorted((a, b) => a.from - b.from)) {
    if (stretch.from > reached) found.push({ from: reached, to: Math.min(stretch.from, to) });
    reached = Math.max(reached, stretch.to);
    if (reached >= to) break;
  }
  if (reached < to) found.push({ from: reached, to });
  return found.filter((stretch) => stretch.to > stretch.from);
}
