import type { Clock } from "#clock";
import type { Store } from "#store/store";

type StoreClock = Pick<Clock, "now" | "mono">;

/** One store, empty at first. */
export interface StoreFixture {
  readonly store: Store;
  /** The owner that the store was opened for. */
  readonly owner: string;
  /** Closes the store and opens its data again. */
  reopen(): Promise<Store>;
  /** Lets this much monotonic time pass for the store, in ms. */
  advance(ms: number): void;
  /** Sets the wall clock forward, or back by less than 0 ms: no time passes. */
  setClock(ms: number): void;
  /** Closes the store and removes its data. */
  close(): Promise<void>;
}

/** Of the owner that every store of a test is opened for. */
export const OWNER = "owner-1";

/** A fixture of the store that `open` opens, each time anew on the same data, which `remove` removes. */
export async function fixtureOf(open: (clock: StoreClock) => Promise<Store>, remove: () => void = () => undefined): Promise<StoreFixture> {
  let mono = 0;
  let now = Date.UTC(2026, 0, 2);
  const clock = { now: () => now, mono: () => mono };
  let current = await open(clock);
  return {
    store: current,
    owner: OWNER,
    reopen: async () => {
      await current.close();
      current = await open(clock);
      return current;
    },
    advance: (ms) => {
      mono += ms;
    },
    setClock: (ms) => {
      now += ms;
    },
    close: async () => {
      await current.close();
      remove();
    },
  };
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
