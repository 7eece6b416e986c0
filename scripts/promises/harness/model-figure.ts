/** What testing/model-check.ts prints of one engine. */
export interface ModelFigure {
  readonly graphs: number;
  readonly orders: number;
  readonly steps: number;
  readonly divergences: number;
  /** The first divergence; null: there was none. */
  readonly first: string | null;
}
