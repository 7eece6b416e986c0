import { type Check, type Effort, Tally } from "../frame/check.ts";
import { OF_THE_INTERPRETER } from "../frame/not-on.ts";
import { NoEvidence } from "../harness/evidence.ts";
import { checkModel, ENGINE, type ModelFigure } from "../harness/model-figure.ts";
import { type PlantedBug, withPlanted } from "../harness/plant.ts";
import { PLANTED_BUGS, RUNTIME_BUGS } from "../harness/planted-bugs.ts";
import { eachAtOnce } from "../harness/runs.ts";
import { SERVER } from "../harness/server-process.ts";
import { type SimulationFigure, simulateWorlds } from "../harness/simulation-figure.ts";

const CORES = 2;

/** Graphs within which a planted bug must show. */
const GRAPHS_A_BUG = 600;

/** Planted bugs are looked for in the same worlds every time, from these on: some need a coincidence that one world in a thousand has. */
const FIRST_WORLDS = [5_501, 3_001, 1] as const;

/** Worlds within which a planted bug must show: most do in the first of each, and so those are played before any of the others. */
const WORLDS_A_BUG = [200, 1_500] as const;

/** Of processors. The sound ones need half of this for so many graphs, and two thirds for so many worlds: a copy that takes longer never ends. */
const ENDLESS_S = { engine: 8, server: 32 };

export const r10: Check = {
  id: "R10",
  property: "The outcome of a run is the reference model's, in every order in which parallel nodes end and from wherever it is resumed",
  notOn: OF_THE_INTERPRETER,
  run: async (effort) => {
    const sound = await soundEngine(effort);
    const worlds = await soundRuntime(effort);
    const planted = new Tally();
    await eachAtOnce(PLANTED_BUGS, CORES, async (bug) => planted.add(await missed(bug, effort)));
    await eachAtOnce(RUNTIME_BUGS, CORES, async (bug) => planted.add(await missedInWorlds(bug)));
    return {
      counts: [
        { what: "divergences", failed: sum(sound, "divergences"), of: sum(sound, "graphs"), tried: "random workflows" },
        { what: "otherwise than promised", failed: sum(worlds, "failed"), of: sum(worlds, "seeds"), tried: "simulated worlds" },
        planted.count("not found", "planted bugs"),
      ],
      facts: {
        "orders of completion": sum(sound, "orders"),
        steps: sum(sound, "steps"),
        "simulated runs": sum(worlds, "runs"),
        "simulated steps": sum(worlds, "steps"),
        crashes: sum(worlds, "crashes"),
        pauses: sum(worlds, "pauses"),
        "attempts repeated": sum(worlds, "repeated"),
        "worlds played twice": sum(worlds, "compared"),
      },
      failures: [...[...sound, ...worlds].flatMap(({ first }) => first ?? []), ...planted.failures],
    };
  },
};

function sum<Name extends string>(figures: readonly { readonly [name in Name]: number }[], name: Name): number {
  return figures.reduce((total, figure) => total + figure[name], 0);
}

function soundRuntime({ long, seed }: Effort): Promise<SimulationFigure[]> {
  const worlds = (long ? 50_000 : 1_000) / CORES;
  return Promise.all(Array.from({ length: CORES }, (_, core) => simulateWorlds(SERVER, seed + core * worlds, worlds)));
}

/** The bug's name where no world shows it; null: found. Worlds that never end are found too, and those in which nothing goes on. */
function missedInWorlds(bug: PlantedBug): Promise<string | null> {
  return withPlanted(bug, SERVER, async (copy) => {
    try {
      for (const worlds of WORLDS_A_BUG)
        for (const first of FIRST_WORLDS)
          if ((await simulateWorlds(copy, first, worlds, { cpuSeconds: ENDLESS_S.server })).failed > 0) return null;
      return `not found: ${bug.name}`;
    } catch (thrown) {
      if (thrown instanceof NoEvidence) return null;
      throw thrown;
    }
  });
}

function soundEngine({ long, seed }: Effort): Promise<ModelFigure[]> {
  const graphs = (long ? 60_000 : 1_000) / CORES;
  return Promise.all(Array.from({ length: CORES }, (_, core) => checkModel(ENGINE, seed + core * graphs, graphs)));
}

/** The bug's name where the check is blind to it; null: found. */
function missed(bug: PlantedBug, { seed }: Effort): Promise<string | null> {
  return withPlanted(bug, ENGINE, async (copy) => {
    try {
      const { divergences } = await checkModel(copy, seed, GRAPHS_A_BUG, { cpuSeconds: ENDLESS_S.engine });
      return divergences > 0 ? null : `not found: ${bug.name}`;
    } catch (thrown) {
      if (thrown instanceof NoEvidence) return null;
      throw thrown;
    }
  });
}
