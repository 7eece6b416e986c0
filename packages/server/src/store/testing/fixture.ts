import type { Store } from "#store/store";

/** One store, empty at first. */
export interface StoreFixture {
  readonly store: Store;
  /** The owner that the store was opened for. */
  readonly owner: string;
  /** Closes the store and opens its data again. */
  reopen(): Promise<Store>;
  /** Lets this much monotonic time pass for the store, in ms. */
  advance(ms: number): void;
  /** Closes the store and removes its data. */
  close(): Promise<void>;
}

export type OpenStore = () => Promise<StoreFixture>;

export const TENANT = "default";
export const OTHER_TENANT = "other";

/** Runs a test with a store of its own. */
export function withStore(open: OpenStore, test: (fixture: StoreFixture) => Promise<void>): () => Promise<void> {
  return async () => {
    const fixture = await open();
    try {
      await test(fixture);
    } finally {
      await fixture.close();
    }
  };
}
