import { performance } from "node:perf_hooks";

/** One persona's first minutes: steps, each with the second at which a person who reads and types comes to it. */
export interface Walk {
  /** Does a step; prints how long the machine took, and what was seen. What it must show and does not, it throws. */
  step(atSeconds: number, title: string, act: () => Promise<string>): Promise<void>;
  /** Seconds of all steps. */
  readonly seconds: number;
}

export function beginWalk(print: (line: string) => void = console.log): Walk {
  let total = 0;
  return {
    get seconds() {
      return total;
    },
    step: async (atSeconds, title, act) => {
      const began = performance.now();
      const line = (mark: string, seen: string): string => {
        const seconds = (performance.now() - began) / 1_000;
        total += seconds;
        return `${mark} ${String(atSeconds).padStart(4)} s  ${title.padEnd(46)} ${seconds.toFixed(2).padStart(6)} s   ${seen}`;
      };
      try {
        const seen = await act();
        print(line("ok  ", seen));
      } catch (error) {
        print(line("FAIL", ""));
        throw error;
      }
    },
  };
}

/** Throws what was seen instead. */
export function sees(text: string, wanted: RegExp): RegExpExecArray {
  const found = wanted.exec(text);
  if (found === null) throw new Error(`does not show ${wanted}:\n${text}`);
  return found;
}

/** Asks again until it holds: the other side acts by itself. Answers the milliseconds that it took. */
export async function until(what: string, withinMs: number, holds: () => Promise<boolean> | boolean): Promise<number> {
  const began = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - began;
    if (performance.now() - began > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
