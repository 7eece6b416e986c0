import type { Json, RateLimit } from "@millrace/contract";
import type { UsageOf } from "#store/usage-store";

/**
 * What the processes that share a store agree on while they run. A store that one process has for itself needs none of it, and nothing of it
 * is to be moved or kept for later.
 */
export interface SharedStore {
  readonly controls: ControlStore;
  readonly turns: TurnStore;
  readonly nodeTurns: NodeTurnStore;
  readonly quotas: QuotaStore;
  readonly holds: HoldStore;
  readonly hostedLives: HostedLifeStore;
  readonly values: RunValueStore;
  /** How far these runs have come, whoever drives them; those that are not known are left out. */
  progress(tenantId: string, runIds: readonly string[]): Promise<readonly RunProgress[]>;
  /** What the data takes of the disk of the database server. */
  bytes(): Promise<number>;
  /** Tells every other process, soon. It is kept nowhere: who was not there looks for himself. */
  say(word: Word): void;
  /** Calls back with each word that another process says. Returns the way to stop. */
  hear(listener: (word: Word) => void): () => void;
  /** Tells every other process, soon, before whatever is said later; as JSON it has fewer than 7,500 bytes. It is kept nowhere. */
  show(shown: Shown): void;
  /** Calls back with what other processes show. Returns the way to stop. */
  look(listener: (shown: Shown) => void): () => void;
  /** Resolves when what was said and shown here has been told, or could not be. */
  told(): Promise<void>;
  /** Resolves when what other processes have told before now is heard; where it cannot be known, soon. */
  caughtUp(): Promise<void>;
  /** Runs that were handed over and that nobody has taken yet, counted up to `most`. */
  handed(most: number): Promise<number>;
}

/** What attempts of a run show before they have answered, in words of whoever shows it. */
export interface Shown {
  readonly runId: string;
  readonly pieces: Json;
}

export interface RunProgress {
  readonly runId: string;
  /** In its journal. */
  readonly entries: number;
  readonly endedAt: number | null;
}

export interface Word {
  /**
   * `follow`: somebody here waits for news of the run. `news`: there are some. `watch`: somebody here wants what its attempts show. `control`: somebody asks something of the run.
   * `controlled`: what was asked for with this id is done. `left`: the process with this name drives no more.
   * `handed`: this run is there for whoever drives it.
   * `turn`: one in this lane, of runs or of a node, was given back. `spending`: a paid step under the budget with this id is over.
   * `token`: of one that is taken once, its hash and what it stands for. `tokenUsed`: the one with this hash was taken.
   * `attempt`: somebody guessed a password or a key. `attemptBack`: this one was right.
   * `reading`: somebody reads of whatever changes, at the process of this name. `changed`: this has, of what no table tells.
   */
  readonly kind: WordKind;
  readonly id: string;
}

export type WordKind =
  | "follow"
  | "news"
  | "watch"
  | "control"
  | "controlled"
  | "left"
  | "handed"
  | "turn"
  | "spending"
  | "attempt"
  | "attemptBack"
  | "token"
  | "tokenUsed"
  | "reading"
  | "changed";

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

/** Of runs that share a limit, over all processes: never more turns are held in a lane than its limit, and the oldest run is next. */
export interface TurnStore {
  /**
   * The run holds its turn from now on, or waits for it; again: looks whether it holds it by now. Null: it neither holds one nor waits, for
   * `queue` runs wait already.
   */
  ask(owner: string, turn: AskedTurn): Promise<TurnState | null>;
  /** It holds none any more, and waits for none. */
  giveBack(owner: string, lane: string, runId: string): Promise<void>;
  /**
   * The run, whoever asked for it, holds none any more, and waits for none: those of the lane that wait and may be under way by now, as far as
   * the limit goes. They are to ask.
   */
  pass(lane: string, runId: string, limit: number): Promise<readonly RunInLine[]>;
  /** Of each lane in which nobody is under way: who is next, where an engine outside drives it. */
  stalled(): Promise<readonly RunInLine[]>;
  /** Of a run that waits: 1 is next; null: it does not. */
  position(tenantId: string, runId: string): Promise<number | null>;
}

export interface RunInLine {
  readonly tenantId: string;
  readonly runId: string;
}

export interface AskedTurn {
  /** SHA-256, hex. */
  readonly lane: string;
  readonly tenantId: string;
  /** Ids ascend with age. */
  readonly runId: string;
  /** Runs under way at once. */
  readonly limit: number;
  /** Runs that may wait; null: as many as do. */
  readonly queue: number | null;
}

export interface TurnState {
  readonly isHeld: boolean;
  /** Of a run that waits: 1 is next. */
  readonly position: number;
}

/**
 * Of attempts that share the limit of a node, over all processes: never more turns are held in a lane than its limit, and runs are served by
 * turns. What a process that is gone held is free.
 */
export interface NodeTurnStore {
  /**
   * The attempt waits for its turn from now on, or holds it: those of the owner's in this lane that hold one since now. One that waits where
   * another process asked for it goes on with its place here.
   */
  ask(owner: string, turn: AskedNodeTurn): Promise<readonly TurnAttempt[]>;
  /** Those of the owner's that hold one since now. */
  serve(owner: string, lane: string, limit: number): Promise<readonly TurnAttempt[]>;
  /** It holds none any more, and waits for none. */
  giveBack(owner: string, turn: NodeTurnOf): Promise<void>;
}

/** A place in the graph of a run. */
export interface RunPlace {
  readonly runId: string;
  readonly path: string;
}

export interface TurnAttempt extends RunPlace {
  readonly attempt: number;
}

export interface NodeTurnOf extends TurnAttempt {
  /** SHA-256, hex. */
  readonly lane: string;
  /** Which of the owner's it is: another life of the attempt may ask before an earlier one gives back. */
  readonly turn: number;
}

export interface AskedNodeTurn extends NodeTurnOf {
  readonly tenantId: string;
  /** Attempts under way at once. */
  readonly limit: number;
  /** The attempts that wait for its run: within one that holds a turn in this lane it needs none. */
  readonly callers: readonly RunPlace[];
}

/**
 * Processes that have carried out what an earlier life of a run had left under way, as long as nothing came of the run since: of runs that an
 * engine outside drives. Of a run that nothing cuts off there is none.
 */
export interface HostedLifeStore {
  /** The owner carries out what is under way: others count no more that the run has come further than. Rejects with `Fenced` where another life has it. */
  begin(owner: string, life: HostedLife): Promise<void>;
  /** The owner, which may have carried it out in an earlier life, carries out nothing for now. */
  holdBack(owner: string, life: HostedLife): Promise<void>;
  /** Those of other processes. */
  cutOff(owner: string, life: HostedLife): Promise<readonly CutOffLife[]>;
  /** The owner hosts no run any more: however it ends from now on, it dies of none. */
  letGo(owner: string): Promise<void>;
  /** Forgets those of runs that have ended. */
  tidy(): Promise<void>;
}

/** The newest life of a run, by its claim, at a place. */
export interface HostedLife {
  readonly tenantId: string;
  readonly runId: string;
  readonly fence: number;
  /** Entries of its journal but those that say that an attempt was lost: with more of them the run has come further. */
  readonly progress: number;
}

export interface CutOffLife {
  readonly owner: string;
  /** Its owner's, when it was last seen; null: that one has died. */
  readonly beat: number | null;
}

/** What is left of limits of requests, and of what may be had once, over all processes, by the clock of the store. */
export interface QuotaStore {
  /** A token bucket, full at first: takes one token, if there is one. `keyId`: of a key, or another name of what is limited. */
  take(tenantId: string, keyId: string, limit: RateLimit): Promise<{ readonly tokens: number; readonly isLetThrough: boolean }>;
  /** Is this the first that asks for this name, of those for one purpose, in so many seconds? */
  first(purpose: string, name: string, windowS: number): Promise<boolean>;
}

/** Paid steps under way, over all processes, by the budgets that they fall under. */
export interface HoldStore {
  /**
   * The step may begin, and is reckoned from now on: alone under a budget as long as anything is left of it, beside others while what all of
   * them are reckoned at is left. What it costs has to be in the ledger before it leaves.
   */
  enter(owner: string, step: HeldStep): Promise<Entry>;
  leave(tenantId: string, stepId: string): Promise<void>;
}

/** `wait`: others are to leave first. `spent`: nothing is left of the budget with this id. */
export type Entry = "begun" | "wait" | { readonly spent: string };

export interface HeldStep {
  readonly tenantId: string;
  /** 32 hex characters. */
  readonly id: string;
  readonly under: readonly HeldUnder[];
}

/** All credits are units of 10^-12. */
export interface HeldUnder {
  readonly budgetId: string;
  readonly of: UsageOf;
  /** Beginning of its day or month, epoch ms. */
  readonly from: number;
  readonly credits: bigint;
  /** What the step is reckoned at. */
  readonly reckoned: bigint;
}

/** Large values of runs that are named in a log outside, by their content: they stay as long as the run is under way. */
export interface RunValueStore {
  /** Keeps what is large in the value, durably; null: nothing is. */
  setApart(tenantId: string, runId: string, value: Json): Promise<SetApart | null>;
  /** The same value again. Rejects with BlobDamaged. */
  putTogether(apart: SetApart): Promise<Json>;
}

export interface SetApart {
  /** With `null` in place of what is large. */
  readonly value: Json;
  /** What is large: where it was, and its content by the SHA-256. */
  readonly blobs: readonly (readonly [at: string, sha256: string, bytes: number, kind: "text" | "json"])[];
}
