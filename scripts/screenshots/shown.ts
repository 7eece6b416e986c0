import type { Page } from "playwright-core";

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** A page as it is pictured. */
export interface Shown {
  readonly name: string;
  readonly path: string;
  /** Whose session it is; null: nobody has signed in. */
  readonly account: Account | null;
  /** The looks it is pictured in, as `375 dark ja`; every one when absent. */
  readonly looks?: readonly string[];
  /** What is opened or chosen first, and waited for. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}
