import { chance } from "../harness/chance.ts";
import type { SimulationFigure } from "../harness/simulation-figure.ts";
import { type Result, type Subject, simulate } from "./simulation/simulation.ts";

// The runtime of one server, sound or planted, in simulated worlds: `node simulate.ts SERVER SEED SEEDS ENOUGH`. Prints one line of JSON.
// Loaded by its folder, so that a copy with a planted bug goes through exactly the same.

const [folder = "", seed = "1", seeds = "100", enough = "3"] = process.argv.slice(2);
const load = (file: string) => import(`${folder}/src/${file}.ts`);
const [runtime, places, errors] = await Promise.all([
  load("runtime/embedded/embedded-runtime"),
  load("runtime/attempts/fair-places"),
  load("store/errors"),
]);
const subject = { ...runtime, ...places, errors } as Subject;

/** Every so many seeds are played twice: the same seed has to give the same trace. */
const TWICE_EVERY = 20;

/** What nobody caught, of the world that is played: a server would end of it. */
const stray: string[] = [];
for (const event of ["unhandledRejection", "uncaughtException"] as const)
  process.on(event, (reason: unknown) => void stray.push(`nobody caught: ${String(reason)}`));

const figure = {
  seeds: 0,
  steps: 0,
  runs: 0,
  cancelled: 0,
  crashes: 0,
  pauses: 0,
  repeated: 0,
  compared: 0,
  failed: 0,
  first: null as string | null,
};

for (; figure.seeds < Number(seeds) && figure.failed < Number(enough); figure.seeds++) {
  const one = Number(seed) + figure.seeds;
  const result = await play(one);
  for (const name of ["steps", "runs", "cancelled", "crashes", "pauses", "repeated"] as const) figure[name] += result[name];
  const again = figure.seeds % TWICE_EVERY === 0 || result.failures.length > 0 ? await play(one) : result;
  if (again !== result) figure.compared += 1;
  const failures = again.trace === result.trace ? result.failures : [`the same seed went two ways`, ...result.failures];
  if (failures.length === 0) continue;
  figure.failed += 1;
  figure.first ??= `seed ${one}: ${failures[0]}`;
}
process.stdout.write(JSON.stringify(figure satisfies SimulationFigure));

async function play(one: number): Promise<Result> {
  stray.length = 0;
  try {
    const result = await simulate(subject, one, chance(one));
    return { ...result, failures: [...result.failures, ...stray] };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { steps: 0, trace: 0, runs: 0, cancelled: 0, crashes: 0, pauses: 0, repeated: 0, failures: [message] };
  }
}
