import { enoughFor, evidenceOf, type PlantedSearch } from "./evidence.ts";

const SIMULATE = new URL("../testing/simulate.ts", import.meta.url).pathname;

/** What testing/simulate.ts prints of one server. */
export interface SimulationFigure {
  readonly seeds: number;
  readonly steps: number;
  readonly runs: number;
  /** Runs that were told to be cancelled. */
  readonly cancelled: number;
  readonly crashes: number;
  readonly pauses: number;
  /** Attempts of a step beyond its first. */
  readonly repeated: number;
  /** Seeds that were played twice. */
  readonly compared: number;
  /** Seeds in which something went wrong. */
  readonly failed: number;
  /** The first of them; null: there was none. */
  readonly first: string | null;
}

/** The runtime of the server in this folder, in so many worlds, until a few went wrong. Rejects with NoEvidence where it does not come to an end. */
export function simulateWorlds(server: string, seed: number, worlds: number, search?: PlantedSearch): Promise<SimulationFigure> {
  return evidenceOf<SimulationFigure>([SIMULATE, server, `${seed}`, `${worlds}`, ...enoughFor(search)], search?.cpuSeconds);
}
