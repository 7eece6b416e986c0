import { type Check, type Effort, type Outcome, Tally, together } from "../frame/check.ts";
import { checkModel, ENGINE } from "../harness/model-figure.ts";
import { type PlantedBug, withPlanted, withPlantedServer } from "../harness/plant.ts";
import { SERVER } from "../harness/server-process.ts";
import { judge } from "../model-costs/judge.ts";
import { liveAndDie, type Size } from "../model-costs/life.ts";
import { PLANTED_COSTS, PLANTED_TOTALS } from "../model-costs/planted.ts";

/** Not those of R10. */
const SEED_OFFSET = 1_000_000;

/** Graphs within which a planted bug must show. */
const GRAPHS_A_BUG = { engine: 100, server: 20 };

/**
 * Workflows that ask models, in each data directory, and the kills in it: few, because a run that was there at several deaths in a row is
 * resumed alone, and takes its time.
 */
const LIVES = { change: { runs: 30, kills: 2 }, long: { runs: 1_000, kills: 3 } };
const RUNS_A_LIFE = 50;

function livesOf({ long, runs: asked }: Effort): readonly Omit<Size, "seed">[] {
  const { runs, kills } = asked === undefined && !long ? LIVES.change : LIVES.long;
  const all = asked ?? runs;
  return Array.from({ length: Math.ceil(all / RUNS_A_LIFE) }, (_, n) => ({ graphs: Math.min(RUNS_A_LIFE, all - n * RUNS_A_LIFE), kills }));
}

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
  for (const bug of PLANTED_TOTALS) {
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
async function models(effort: Effort): Promise<Outcome> {
  const { long, seed } = effort;
  const all = { sums: new Tally(), answers: new Tally(), rows: new Tally(), repeated: new Tally() };
  const taken: string[] = [];
  const seen = { kills: 0, requests: 0, tokens: 0 };
  for (const [index, size] of livesOf(effort).entries()) {
    const life = await liveAndDie(SERVER, { ...size, seed: seed + index });
    const verdict = judge(life);
    for (const name of ["sums", "answers", "rows", "repeated"] as const) all[name].take(verdict[name]);
    taken.push(...verdict.taken);
    seen.kills += size.kills;
    for (const times of life.books.asked.values()) seen.requests += times.length;
    for (const { totalTokens } of life.runs) seen.tokens += totalTokens;
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
    facts: {
      kills: seen.kills,
      "requests to model servers": seen.requests,
      "tokens of all runs": seen.tokens,
      "answers whose record a kill took, so that they were asked for again": taken.length,
      "the first of them": taken.slice(0, NAMED).join(" ") || "none",
    },
    failures: [all.sums, all.answers, all.rows, all.repeated, planted].flatMap(({ failures }) => failures),
  };
}

async function missed(bug: PlantedBug, seed: number): Promise<string | null> {
  return withPlantedServer([bug], async (copy) => {
    const { sums, answers, rows } = judge(await liveAndDie(copy, { graphs: GRAPHS_A_BUG.server, kills: 0, seed }));
    return sums.failed + answers.failed + rows.failed > 0 ? null : `not found: ${bug.name}`;
  });
}
