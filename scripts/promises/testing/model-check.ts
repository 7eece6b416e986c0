import { isDeepStrictEqual } from "node:util";
import type { Chance } from "../../../packages/engine/src/testing/generate.ts";
import type { TestRun } from "../../../packages/engine/src/testing/host.ts";
import { usageOf } from "../../../packages/engine/src/testing/specs.ts";
import type { ModelFigure } from "../harness/model-figure.ts";

// One engine, sound or planted, against the reference model: `node model-check.ts ENGINE SEED GRAPHS ENOUGH`. Prints one line of JSON.
// Loaded by its folder, so that a copy with a planted bug goes through exactly the same.

type Engine = typeof import("../../../packages/engine/src/testing/generate.ts") &
  typeof import("../../../packages/engine/src/testing/host.ts") &
  typeof import("../../../packages/engine/src/testing/model.ts");

type Graph = ReturnType<Engine["generateGraph"]>;

const [folder = "", seed = "1", graphs = "100", enough = "3"] = process.argv.slice(2);
const parts = await Promise.all(["generate", "host", "model"].map((name) => import(`${folder}/src/testing/${name}.ts`)));
const engine = Object.assign({}, ...parts) as Engine;

/** Completions of one run at most: a run that goes on for ever is a divergence, not a hang. */
const MAX_STEPS = 5_000;
/** Orders of completion of one small graph. */
const MAX_ORDERS = 60;

const found = { orders: 0, steps: 0, counted: 0, divergences: 0, first: null as string | null };

let tried = 0;
for (; tried < Number(graphs) && found.divergences < Number(enough); tried++) tryGraph(Number(seed) + tried);
process.stdout.write(JSON.stringify({ graphs: tried, ...found } satisfies ModelFigure));

/** In an order by chance, cut and resumed, cancelled; small graphs in every order. */
function tryGraph(graphSeed: number): void {
  const chance = new engine.Chance(graphSeed);
  const graph = engine.generateGraph(graphSeed, 1 + chance.below(12), chance.below(3));
  const planned = engine.planTest(engine.toDocument(graph));
  const concurrency = 1 + chance.below(4);
  attempt(`seed ${graphSeed}, in an order by chance`, () => {
    const run = toEnd(new engine.TestRun(planned, undefined, concurrency), chance);
    if (run.mostAtOnce > concurrency) throw new Error(`${run.mostAtOnce} attempts at once of ${concurrency}`);
    assertAgrees(run, graph);
    assertOnce(run);
    assertCounted(run);
  });
  attempt(`seed ${graphSeed}, cancelled`, () => cancelled(new engine.TestRun(planned), chance));
  attempt(`seed ${graphSeed}, resumed`, () => resumed(graphSeed, chance));
  if (graphSeed % 8 === 0) attempt(`seed ${graphSeed}, in every order`, () => everyOrder(engine.generateGraph(graphSeed, 4, 1)));
}

function attempt(what: string, check: () => void): void {
  try {
    check();
  } catch (thrown) {
    found.divergences += 1;
    found.first ??= `${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

function toEnd(run: TestRun, chance: Chance): TestRun {
  for (let step = 0; !run.state.finished; step++) {
    if (run.choices === 0) throw new Error("the run waits for nothing and has not ended");
    if (step > MAX_STEPS) throw new Error("the run does not end");
    run.complete(chance.below(run.choices));
  }
  found.orders += 1;
  found.steps += run.entries.length;
  return run;
}

function assertAgrees(run: TestRun, graph: Graph): void {
  const { status, output = {} } = run.state.finished ?? {};
  const expected = engine.runModel(graph);
  if (!isDeepStrictEqual({ status, output }, expected))
    throw new Error(`${status} where the model says ${expected.status}, or another output`);
}

/** Tokens and credits are the sums over the attempts that answered, each once; no entry is older than the one before it. */
function assertCounted(run: TestRun): void {
  const attempts = new Map<string, number>();
  let [tokens, units, at] = [0, 0n, 0];
  for (const entry of run.entries) {
    if (entry.at < at) throw new Error(`${entry.type} is older than the entry before it`);
    at = entry.at;
    // A container starts, and costs nothing itself.
    if (entry.type === "node-started" && !entry.iterate) attempts.set(entry.path, entry.attempt);
    const attempt = entry.type === "node-finished" ? attempts.get(entry.path) : undefined;
    if (entry.type !== "node-finished" || attempt === undefined) continue;
    const { inputTokens, outputTokens, credits } = usageOf(entry.path, attempt);
    tokens += inputTokens + outputTokens;
    // Twelve places behind "0.".
    units += BigInt(credits.slice(2));
  }
  const { totalTokens, totalCost } = run.state.finished ?? {};
  // Half-up to four places.
  const cost = Number((units + 50_000_000n) / 100_000_000n) / 10_000;
  if (totalTokens !== tokens || totalCost !== cost) throw new Error(`${totalTokens} tokens for ${totalCost}, not ${tokens} for ${cost}`);
  found.counted += 1;
}

/** No node finishes twice, and none runs again once it has finished. */
function assertOnce(run: TestRun): void {
  const finished = new Set<string>();
  for (const entry of run.entries) {
    if ((entry.type === "node-started" || entry.type === "node-finished") && finished.has(entry.path))
      throw new Error(`${entry.path} again`);
    if (entry.type === "node-finished") finished.add(entry.path);
  }
}

/** Another process takes over after any entry: the same end, and nothing recorded runs again. */
function resumed(graphSeed: number, chance: Chance): void {
  const graph = engine.generateGraph(graphSeed, 1 + chance.below(12), chance.below(3), false);
  const planned = engine.planTest(engine.toDocument(graph));
  const whole = toEnd(new engine.TestRun(planned), chance);
  const entries = whole.entries.slice(0, 1 + chance.below(whole.entries.length - 1));
  const run = toEnd(engine.TestRun.resume(planned, JSON.parse(JSON.stringify(entries)) as typeof entries), chance);
  assertAgrees(run, graph);
  assertOnce(run);
  assertCounted(run);
}

/** It ends FAILED, once, and nothing is under way any more. */
function cancelled(run: TestRun, chance: Chance): void {
  for (let left = chance.below(20); left > 0 && run.choices > 0; left--) run.complete(chance.below(run.choices));
  if (run.state.finished) return;
  run.cancel();
  const ends = run.entries.filter((entry) => entry.type === "run-finished");
  const [last] = ends;
  if (ends.length !== 1 || last?.status !== "FAILED" || last.error?.type !== "cancelled" || run.choices > 0)
    throw new Error("a cancelled run goes on, or does not end as cancelled");
}

/** Every sequence of choices, depth first. */
function everyOrder(graph: Graph): void {
  const planned = engine.planTest(engine.toDocument(graph));
  const path: number[] = [];
  for (let count = 0; count < MAX_ORDERS; count++) {
    const run = new engine.TestRun(planned);
    const widths: number[] = [];
    for (let step = 0; !run.state.finished; step++) {
      if (run.choices === 0 || step > MAX_STEPS) throw new Error("the run does not end");
      widths.push(run.choices);
      run.complete(path[step] ?? 0);
    }
    found.orders += 1;
    found.steps += run.entries.length;
    assertAgrees(run, graph);
    path.length = widths.length;
    for (let at = 0; at < path.length; at++) path[at] ??= 0;
    while (path.length > 0 && (path.at(-1) ?? 0) + 1 >= (widths[path.length - 1] ?? 0)) path.pop();
    const last = path.pop();
    if (last === undefined) return;
    path.push(last + 1);
  }
}
