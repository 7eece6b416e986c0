import type { Price } from "@millrace/contract";

/** One row of the rate card that ships. */
export interface ShippedPrice {
  /** Whose models they are, as providers name their vendor. */
  readonly vendor: string;
  /** Names of models, with `*` for any characters. */
  readonly models: readonly string[];
  readonly price: Price;
  /** Beyond so many input tokens another price holds, for the whole request; ascending. */
  readonly above?: readonly { readonly inputTokens: number; readonly price: Price }[];
}
