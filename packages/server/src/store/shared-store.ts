import type { Json } from "@millrace/contract";

/**
 * What the processes that share a store agree on while they run. A store that one process has for itself needs none of it, and nothing of it
 * is to be moved or kept for later.
 */
export interface SharedStore {
  readonly controls: ControlStore;
  /** How far these runs have come, whoever drives them; those that are not known are left out. */
  progress(tenantId: string, runIds: readonly string[]): Promise<readonly RunProgress[]>;
  /** Tells every other process, soon. It is kept nowhere: who was not there looks for himself. */
  say(word: Word): void;
  /** Calls back with each word that another process says. Returns the way to stop. */
  hear(listener: (word: Word) => void): () => void;
}

export interface RunProgress {
  readonly runId: string;
  /** In its journal. */
  readonly entries: number;
  readonly endedAt: number | null;
}

export interface Word {
  /**
   * `follow`: somebody here waits for news of the run. `news`: there are some. `control`: somebody asks something of the run.
   * `controlled`: what was asked for with this id is done.
   */
  readonly kind: WordKind;
  readonly id: string;
}

export type WordKind = "follow" | "news" | "control" | "controlled";

/**
 * What is asked of runs that other processes drive: it stays until whoever drives the run has taken it up, were it only the next process
 * after that one's death.
 */
export interface ControlStore {
  /** False: the run has ended, or is not known; nothing is kept then. */
  ask(tenantId: string, control: NewControl): Promise<boolean>;
  /** Takes up what is open for runs that the owner drives, or that sleep, and that it has not taken up before; oldest first. */
  take(owner: string): Promise<readonly Control[]>;
  /** What came of it. */
  settle(tenantId: string, id: string, outcome: Json): Promise<void>;
  /** The owner could not do it now: it may be taken up again. */
  putBack(tenantId: string, id: string, owner: string): Promise<void>;
  /** null: it is gone with its run. */
  look(tenantId: string, id: string): Promise<ControlState | null>;
  /** Takes it back. False: it was taken up before. */
  withdraw(tenantId: string, id: string): Promise<boolean>;
  /** It was looked at for the last time. */
  forget(tenantId: string, id: string): Promise<void>;
}

export interface NewControl {
  /** UUID. */
  readonly id: string;
  readonly runId: string;
  /** What is asked, in words of whoever takes it up. */
  readonly body: Json;
  readonly at: number;
}

export interface Control extends NewControl {
  readonly tenantId: string;
}

export interface ControlState {
  /** undefined: none yet. */
  readonly outcome: Json | undefined;
  /** Of the run. */
  readonly isAsleep: boolean;
  readonly hasEnded: boolean;
}
