import type { Page } from "playwright-core";

/** A page as it is pictured. */
export interface Shown {
  readonly name: string;
  readonly path: string;
  /** Pictured before anybody has signed in. */
  readonly signedOut: boolean;
  /** What is opened or chosen first, and waited for. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}
