import { type Check, type Effort, type Outcome, Tally, together } from "../frame/check.ts";
import { SERVER } from "../harness/millrace.ts";
import { checkModel, ENGINE } from "../harness/model-figure.ts";
import { type PlantedBug, withPlanted, withPlantedServer } from "../harness/plant.ts";
import { judge } from "../model-costs/judge.ts";
import { liveAndDie } from "../model-costs/life.ts";
import { PLANTED_COSTS } from "../model-costs/planted.ts";

/** Not those of R10. */
const SEED_OFFSET = 1_000_000;

/** Graphs within which a planted bug must show. */
const GRAPHS_A_BUG = { engine: 100, server: 20 };

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

/**
 * Workflows that ask models, in each data directory, and the kills in it: few, because a run that was there at several deaths in a row is
 * resumed alone, and takes its time.
 */
const LIVES = { change: [{ graphs: 30, kills: 2 }], long: Array.from({ length: 20 }, () => ({ graphs: 50, kills: 3 })) };

/** Names of steps that a report spells out. */
const NAMED = 5;

export const r11: Check = {
  id: "R11",
  property:
    "Cost and tokens of a run are the sums over its attempts, each counted once, from wherever it is resumed, and to the last digit what its model providers counted, at the prices set; its times never run backwards",
  run: async (effort) => together(await engine(effort), await models(effort)),
};

/** Random workflows in the engine alone. */
async function engine({ long, seed }: Effort): Promise<Outcome> {
  const sound = await checkModel(ENGINE, seed + SEED_OFFSET, long ? 20_000 : 500);
  const planted = new Tally();
  for (const bug of BUGS) {
    const { divergences } = await withPlanted(bug, ENGINE, (copy) => checkModel(copy, seed + SEED_OFFSET, GRAPHS_A_BUG.engine));
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
}

/** A real server that asks a model server which counts for itself, killed again and again. */
async function models({ long, seed }: Effort): Promise<Outcome> {
  const all = { sums: new Tally(), answers: new Tally(), rows: new Tally(), repeated: new Tally() };
  const taken: string[] = [];
  let kills = 0;
  for (const [index, size] of (long ? LIVES.long : LIVES.change).entries()) {
    const verdict = judge(await liveAndDie(SERVER, { ...size, seed: seed + index }));
    for (const name of ["sums", "answers", "rows", "repeated"] as const) all[name].take(verdict[name]);
    taken.push(...verdict.taken);
    kills += size.kills;
  }
  const planted = new Tally();
  const bugs = long ? PLANTED_COSTS : PLANTED_COSTS.filter((_, index) => index === seed % PLANTED_COSTS.length);
  for (const bug of bugs) planted.add(await missed(bug, seed));
  return {
    counts: [
      all.sums.count("with other sums than their providers' counts at the prices set", "runs with models, killed and resumed"),
      all.answers.count("in no record though no kill took it, or in two", "answers of models"),
      all.rows.count("that no provider counted", "recorded rows of usage"),
      all.repeated.count("asked again after their record", "calls of models"),
      planted.count("not found", "planted losses of count"),
    ],
    facts: { kills, "answers whose record a kill took": taken.length, "the first of them": taken.slice(0, NAMED).join(" ") || "none" },
    failures: [all.sums, all.answers, all.rows, all.repeated, planted].flatMap(({ failures }) => failures),
  };
}

async function missed(bug: PlantedBug, seed: number): Promise<string | null> {
  return withPlantedServer(bug, async (copy) => {
    const { sums, answers, rows } = judge(await liveAndDie(copy, { graphs: GRAPHS_A_BUG.server, kills: 0, seed }));
    return sums.failed + answers.failed + rows.failed > 0 ? null : `not found: ${bug.name}`;
  });
}
