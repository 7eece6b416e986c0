import { Worker } from "node:worker_threads";
import { type Effort, type Outcome, Tally } from "../frame/check.ts";
import type { PlantedBug } from "../harness/plant.ts";
import { STORE_BUGS } from "../harness/planted-bugs.ts";
import { eachAtOnce } from "../harness/runs.ts";
import type { CutWork } from "./cut-thread.ts";
import type { CutOptions, PowerCutFigure } from "./power-cut.ts";

/** Disks on which a planted bug must show. */
const STATES_A_BUG = 400;

/** The first of the bugs are planted each time, the others in turn. */
const ALWAYS = 2;

const PLANTED_AT_ONCE = 3;

/** Power cuts all over a recording; and the same over recordings of servers that are not durable, in which something must be lost. */
export async function powerCuts({ long, seed }: Effort): Promise<Outcome> {
  const planted = new Tally();
  const [sound] = await Promise.all([
    cutInThread([], { states: long ? 5_000 : 500, seed }),
    eachAtOnce(long ? STORE_BUGS : inTurn(seed), PLANTED_AT_ONCE, async (bug) => planted.add(await missed(bug, seed))),
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
  const { lost } = await cutInThread([bug], { states: STATES_A_BUG, seed, enough: 1 });
  return lost > 0 ? null : `not found: ${bug.name}`;
}

function cutInThread(bugs: CutWork["bugs"], options: CutOptions): Promise<PowerCutFigure> {
  const workerData: CutWork = { bugs, options };
  const thread = new Worker(new URL("./cut-thread.ts", import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("the thread ended without a figure")));
  });
}
