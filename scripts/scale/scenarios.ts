import { cluster, kills } from "./kills.ts";
import { replay } from "./replay.ts";

export interface Scenario {
  /** What its numbers are, in order; each may be left out. */
  readonly numbers: readonly string[];
  readonly shows: string;
  /** False: what it is to show does not hold. */
  run(...numbers: readonly number[]): Promise<boolean>;
}

export const SCENARIOS: { readonly [name: string]: Scenario } = {
  replay: {
    numbers: ["graphs", "seed"],
    shows: "random graphs, their runs forgotten at each wait: no life differs from the one before",
    run: replay,
  },
  kills: { numbers: ["runs", "effects"], shows: "worker and engine killed under load: no run is lost, no record twice", run: kills },
  cluster: { numbers: ["runs", "effects"], shows: "three Restate servers, one of them killed under load: the same", run: cluster },
};
