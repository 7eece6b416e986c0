// A thread of R1: records a server, bugs planted or not, and cuts the power all over the recording. Opening hundreds of disks keeps a core busy, and
// the clients of the kills beside it would wait for that.
import { parentPort, workerData } from "node:worker_threads";
import type { PlantedBug } from "../harness/plant.ts";
import { type CutOptions, cutPower } from "./power-cut.ts";
import { record } from "./record.ts";

/** Runs of a recording. */
const RUNS = 120;

export interface CutWork {
  readonly bugs: readonly PlantedBug[];
  readonly options: CutOptions;
}

const { bugs, options } = workerData as CutWork;
parentPort?.postMessage(await cutPower(await record(RUNS, bugs), options));
