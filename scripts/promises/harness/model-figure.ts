import { enoughFor, evidenceOf, type PlantedSearch } from "./evidence.ts";

const CHECK = new URL("../testing/model-check.ts", import.meta.url).pathname;

export const ENGINE = new URL("../../../packages/engine", import.meta.url).pathname;

/** What testing/model-check.ts prints of one engine. */
export interface ModelFigure {
  readonly graphs: number;
  readonly orders: number;
  readonly steps: number;
  /** Runs whose cost and tokens were added up apart. */
  readonly counted: number;
  readonly divergences: number;
  /** The first divergence; null: there was none. */
  readonly first: string | null;
}

/** The engine in this folder against the reference model, until a few diverged. Rejects with NoEvidence where it does not come to an end. */
export function checkModel(engine: string, seed: number, graphs: number, search?: PlantedSearch): Promise<ModelFigure> {
  return evidenceOf<ModelFigure>([CHECK, engine, `${seed}`, `${graphs}`, ...enoughFor(search)], search?.cpuSeconds);
}
