/** Keeps the store bounded. Each of these works in slices, and never keeps another write waiting for longer than one. */
export interface Upkeep {
  /** Deletes the runs that ended before, oldest first, with all that belongs to them; resolves with their number. */
  prune(endedBefore: number, pause: Pause): Promise<number>;
  /** Gives room that is free back to the file system. */
  shrink(pause: Pause): Promise<void>;
  /** Removes what a death left of runs that ended before, and large values that no run has referred to for a day; resolves with their number. */
  sweep(endedBefore: number, pause: Pause): Promise<number>;
  /** Tells each time that the disk becomes full: what may go should go now. Returns the way to stop listening. */
  whenFull(listener: () => void): () => void;
}

/** Waited for between two slices; false: enough for now. */
export type Pause = () => Promise<boolean>;
