import type { Clock } from "#clock";

/** A turn of the event loop that took less had nothing else to do than to look for input. */
const BRIEF_MS = 0.1;

/** Under a load that leaves no brief turn, one of these many is as good as the next. */
const MAX_TURNS = 500;

/**
 * Calls back at a moment when nearly nobody can be in that is not known here: right behind a look for input, in a turn that was brief. A socket
 * that stops to listen resets the connections that the system has let in and nobody has taken yet, and their callers cannot know what
 * became of their requests.
 */
export function whenCalm({ mono, soon }: Pick<Clock, "mono" | "soon">, calm: () => void): void {
  let began = Number.NEGATIVE_INFINITY;
  let turns = 0;
  const look = (): void => {
    const now = mono();
    turns += 1;
    const isCalm = now - began < BRIEF_MS || turns > MAX_TURNS;
    began = now;
    if (isCalm) calm();
    else soon(look);
  };
  soon(look);
}
