import { type Check, type Effort, Tally } from "../frame/check.ts";
import { checkModel, ENGINE } from "../harness/model-figure.ts";
import { type PlantedBug, withPlanted } from "../harness/plant.ts";

/** Not those of R10. */
const SEED_OFFSET = 1_000_000;

/** Graphs within which a planted bug must show. */
const GRAPHS_A_BUG = 100;

const COUNTED = "const counted = { ...state, totals: addUsage(state.totals, entry.usage) };";

const BUGS: readonly PlantedBug[] = [
  {
    name: "what an attempt costs is counted twice",
    file: "apply.ts",
    from: COUNTED,
    to: "const counted = { ...state, totals: addUsage(addUsage(state.totals, entry.usage), entry.usage) };",
  },
  { name: "what an attempt costs is not counted", file: "apply.ts", from: COUNTED, to: "const counted = state;" },
];

export const r11: Check = {
  id: "R11",
  property:
    "Cost and tokens of a run are the sums over its attempts, each counted once, from wherever it is resumed; its times never run backwards",
  run: async ({ long, seed }: Effort) => {
    const sound = await checkModel(ENGINE, seed + SEED_OFFSET, long ? 20_000 : 500);
    const planted = new Tally();
    for (const bug of BUGS) {
      const { divergences } = await withPlanted(bug, ENGINE, (copy) => checkModel(copy, seed + SEED_OFFSET, GRAPHS_A_BUG));
      planted.add(divergences > 0 ? null : `not found: ${bug.name}`);
    }
    return {
      counts: [
        {
          what: "with another sum, or a time that runs backwards",
          failed: sound.divergences,
          of: sound.counted,
          tried: "runs, whole and resumed",
        },
        planted.count("not found", "planted bugs"),
      ],
      facts: { "random workflows": sound.graphs, entries: sound.steps },
      failures: [...(sound.first === null ? [] : [sound.first]), ...planted.failures],
    };
  },
};
