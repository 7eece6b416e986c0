import { deployments } from "./deployments.ts";
import { freeze } from "./freeze.ts";
import { cluster, kills } from "./kills.ts";
import { replay } from "./replay.ts";
import { frozen, postgres, rolling } from "./several-scenarios.ts";
import { workers } from "./workers.ts";

export interface Scenario {
  /** What its numbers are, in order; each may be left out. */
  readonly numbers: readonly string[];
  readonly shows: string;
  /** False: what it is to show does not hold. */
  run(...numbers: readonly number[]): Promise<boolean>;
}

export const SCENARIOS: { readonly [name: string]: Scenario } = {
  postgres: {
    numbers: ["runs", "effects"],
    shows: "three processes on one PostgreSQL; a process and PostgreSQL killed under load: no run is lost, no record twice",
    run: postgres,
  },
  rolling: {
    numbers: ["runs", "effects"],
    shows: "the same, each process stopped and started anew: no request fails, no run is lost",
    run: rolling,
  },
  frozen: {
    numbers: ["seconds", "runs", "effects"],
    shows: "the same, one process stopped and let go on: it writes nothing late",
    run: frozen,
  },
  replay: {
    numbers: ["graphs", "seed"],
    shows: "random graphs, their runs forgotten at each wait: no life differs from the one before",
    run: replay,
  },
  kills: {
    numbers: ["runs", "effects"],
    shows: "worker, engine and PostgreSQL killed under load: no run is lost, no record twice",
    run: kills,
  },
  cluster: { numbers: ["runs", "effects"], shows: "three Restate servers, one of them killed under load: the same", run: cluster },
  freeze: {
    numbers: ["seconds", "runs", "effects"],
    shows: "one of two workers stopped and let go on: it writes nothing late",
    run: freeze,
  },
  workers: { numbers: ["runs", "effects"], shows: "1, 2 and 4 workers: runs a second, and what a run costs", run: workers },
  deployments: {
    numbers: ["runs"],
    shows: "new workers beside old ones, and without them: runs that waited come to their end",
    run: deployments,
  },
};
