import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Check, type Effort, Tally } from "../frame/check.ts";
import type { ModelFigure } from "../harness/model-figure.ts";
import { type PlantedBug, withPlanted } from "../harness/plant.ts";
import { PLANTED_BUGS } from "../harness/planted-bugs.ts";
import { eachAtOnce } from "../harness/runs.ts";

const ENGINE = new URL("../../../packages/engine", import.meta.url).pathname;
const CHECK = new URL("../testing/model-check.ts", import.meta.url).pathname;

const CORES = 2;

/** Graphs within which a planted bug must show. */
const GRAPHS_A_BUG = 200;

/** The sound engine needs a tenth of this for so many graphs: a copy that takes longer never ends. */
const ENDLESS_MS = 8_000;

export const r10: Check = {
  id: "R10",
  property: "The outcome of a run is the reference model's, in every order in which parallel nodes end and from wherever it is resumed",
  run: async (effort) => {
    const sound = await soundEngine(effort);
    const planted = new Tally();
    await eachAtOnce(PLANTED_BUGS, CORES, async (bug) => planted.add(await missed(bug, effort)));
    return {
      counts: [
        { what: "divergences", failed: sum(sound, "divergences"), of: sum(sound, "graphs"), tried: "random workflows" },
        planted.count("not found", "planted bugs"),
      ],
      facts: { "orders of completion": sum(sound, "orders"), steps: sum(sound, "steps") },
      failures: [...sound.flatMap(({ first }) => first ?? []), ...planted.failures],
    };
  },
};

function sum(figures: readonly ModelFigure[], name: Exclude<keyof ModelFigure, "first">): number {
  return figures.reduce((total, figure) => total + figure[name], 0);
}

function soundEngine({ long, seed }: Effort): Promise<ModelFigure[]> {
  const graphs = (long ? 60_000 : 2_000) / CORES;
  return Promise.all(Array.from({ length: CORES }, (_, core) => checkModel(ENGINE, seed + core * graphs, graphs)));
}

async function checkModel(engine: string, seed: number, graphs: number, timeout = 0): Promise<ModelFigure> {
  const args = ["--disable-warning=ExperimentalWarning", CHECK, engine, `${seed}`, `${graphs}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout, killSignal: "SIGKILL" });
  return JSON.parse(stdout) as ModelFigure;
}

/** The bug's name where the check is blind to it; null: found. */
function missed(bug: PlantedBug, { seed }: Effort): Promise<string | null> {
  return withPlanted(bug, ENGINE, async (copy) => {
    try {
      const { divergences } = await checkModel(copy, seed, GRAPHS_A_BUG, ENDLESS_MS);
      return divergences > 0 ? null : `not found: ${bug.name}`;
    } catch (thrown) {
      if ((thrown as { readonly killed?: boolean }).killed) return null;
      throw thrown;
    }
  });
}
