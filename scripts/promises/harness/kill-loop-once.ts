import { type KillLoopFigure, killLoop } from "../../crash/kill-loop.ts";
import type { Effort } from "../frame/check.ts";

let figure: Promise<KillLoopFigure> | undefined;

/** One loop answers two promises: what is acknowledged survives, and what is recorded does not run again. */
export function killLoopOnce({ long, seed }: Effort): Promise<KillLoopFigure> {
  figure ??= killLoop({ ...(long ? { kills: 200, runs: 200 } : { kills: 8, runs: 60 }), seed });
  return figure;
}
