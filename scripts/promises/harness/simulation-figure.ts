/** What testing/simulate.ts prints of one server. */
export interface SimulationFigure {
  readonly seeds: number;
  readonly steps: number;
  readonly runs: number;
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
