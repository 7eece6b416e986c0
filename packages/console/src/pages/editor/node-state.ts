import type { Status } from "#ui/status.tsx";

export interface NodeFailure {
  readonly type: string;
  readonly message: string;
  /** Path of the value within the node that it came from, as the trace tells. */
  readonly field?: readonly string[];
  /** What the node was given, by its name among the run's values. */
  readonly given?: string;
}

/** What a run did with a node, as the canvas shows it. */
export interface NodeState {
  readonly status: Status;
  /** How long the node took, or has been taking. */
  readonly durationMs?: number;
  readonly attempts?: number;
  /** The last attempt's, in one line. */
  readonly error?: NodeFailure;
  /** Iterations of a body's node that are in each state; absent outside of bodies. */
  readonly count?: number;
  /** Of so many. */
  readonly of?: number;
}

export type NodeStates = ReadonlyMap<string, NodeState>;

/** What a comparison of two versions says of a node. */
export type DiffMark = "added" | "removed" | "changed";

export type DiffMarks = ReadonlyMap<string, DiffMark>;
