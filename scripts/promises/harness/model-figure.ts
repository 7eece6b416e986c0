import { execFile } from "node:child_process";
import { promisify } from "node:util";

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

/** The engine in this folder against the reference model; 0: however long it takes. Rejects, `killed`, when it takes longer. */
export async function checkModel(engine: string, seed: number, graphs: number, timeout = 0): Promise<ModelFigure> {
  const args = ["--disable-warning=ExperimentalWarning", CHECK, engine, `${seed}`, `${graphs}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout, killSignal: "SIGKILL" });
  return JSON.parse(stdout) as ModelFigure;
}
