import { type Effort, type Outcome, Tally } from "../frame/check.ts";
import type { PlantedBug } from "../harness/plant.ts";
import { STORE_BUGS } from "../harness/planted-bugs.ts";
import { eachAtOnce } from "../harness/runs.ts";
import { cutPower } from "./power-cut.ts";
import { record } from "./record.ts";

/** Runs of a recording. */
const RUNS = 120;

/** Disks on which a planted bug must show. */
const STATES_A_BUG = 400;

/** The first of the bugs are planted each time, the others in turn. */
const ALWAYS = 2;

/** Power cuts all over a recording; and the same over recordings of servers that are not durable, in which something must be lost. */
export async function powerCuts({ long, seed }: Effort): Promise<Outcome> {
  const planted = new Tally();
  const [sound] = await Promise.all([
    record(RUNS).then((recording) => cutPower(recording, { states: long ? 5_000 : 500, seed })),
    eachAtOnce(long ? STORE_BUGS : inTurn(seed), 2, async (bug) => planted.add(await missed(bug, seed))),
  ]);
  return {
    counts: [
      { what: "lost", failed: sound.lost, of: sound.told, tried: "runs told before a power cut" },
      { what: "corrupt", failed: sound.corrupt, of: sound.states, tried: "disks after one" },
      planted.count("not found", "planted bugs of the store"),
    ],
    failures: [...sound.failures, ...planted.failures],
  };
}

function inTurn(seed: number): readonly PlantedBug[] {
  const others = STORE_BUGS.slice(ALWAYS);
  return [...STORE_BUGS.slice(0, ALWAYS), ...others.slice(seed % others.length).slice(0, 1)];
}

/** The bug's name where no power cut shows it. */
async function missed(bug: PlantedBug, seed: number): Promise<string | null> {
  const { lost } = await cutPower(await record(RUNS, [bug]), { states: STATES_A_BUG, seed, enough: 1 });
  return lost > 0 ? null : `not found: ${bug.name}`;
}
