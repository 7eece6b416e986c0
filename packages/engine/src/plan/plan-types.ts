import type { Json, JsonObject, OnError } from "@millrace/contract";
import type { NodeSpec } from "#node-spec";
import type { CompiledValue } from "#plan/compiled-value";
import type { ValueType } from "#value/types";

/** A checked, compiled workflow: everything an interpreter needs, nothing parsed again. Made once a version. */
export interface Plan {
  readonly name: string;
  readonly strictInput: boolean;
  readonly env: { readonly [name: string]: Json };
  readonly root: GraphPlan;
  readonly concurrency: ConcurrencyPlan | null;
  /** Those of all nodes, bodies included; null: none uses any. */
  readonly credentials: Credentials | null;
  /** Longest time from start to end of a run, ms; waits are none of it. */
  readonly runTimeoutMs: number;
  /** Iterations of one loop at most. */
  readonly maxIterations: number;
}

/** How many runs of the workflow are under way at once. */
export interface ConcurrencyPlan {
  readonly limit: number;
  /** The limit holds for each value apart; null: for all runs together. */
  readonly key: CompiledValue | null;
  /** Runs that may wait for their turn. */
  readonly queue: number;
  readonly queueTimeoutMs: number;
}

/** Names of what a workflow may not show. */
export interface Credentials {
  readonly secrets: readonly string[];
  readonly connections: readonly string[];
}

export interface GraphPlan {
  /** 0 for the document, 1 for the body of one of its containers, … */
  readonly depth: number;
  readonly nodes: readonly NodePlan[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Nodes that start at once. */
  readonly entries: readonly number[];
  /** Nodes that take part in running (comments do not). */
  readonly live: number;
}

export interface NodePlan {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly spec: NodeSpec;
  readonly index: number;
  /** Position in the whole document, bodies included: the order in which ready nodes start. */
  readonly order: number;
  readonly incoming: number;
  readonly ports: readonly string[];
  /** Successors by port, in plan order; one number an edge. */
  readonly targets: ReadonlyMap<string, readonly number[]>;
  readonly config: CompiledValue;
  /** Names of the secrets that the config reads, and of the connections that the node uses. */
  readonly secrets: readonly string[];
  readonly connections: readonly string[];
  /** Names of the connections that its models are of. */
  readonly models: readonly string[];
  /** The first model that its config names, as `connection/model`; null: the default one, or none. */
  readonly model: string | null;
  /** Members of the config whose evaluated value is checked again, with their schema. */
  readonly checked: readonly CheckedMember[];
  readonly inputs: CompiledValue | null;
  readonly outputs: readonly OutputPlan[] | null;
  readonly retry: RetryPlan;
  readonly onError: OnError;
  readonly timeoutMs: number | null;
  /** null: never skipped but for what leads to it. */
  readonly skipIf: CompiledValue | null;
  /** null: each attempt is carried out. */
  readonly cache: CachePlan | null;
  /** null: as many attempts at once as the server has places for. */
  readonly concurrency: NodeConcurrencyPlan | null;
  readonly container: ContainerPlan | null;
}

export interface CheckedMember {
  readonly member: string;
  readonly schema: JsonObject;
  /** Any object will do: no need to ask the schema. */
  readonly holdsMembers: boolean;
}

export interface OutputPlan {
  readonly name: string;
  readonly type: ValueType;
  readonly value: CompiledValue;
}

export interface RetryPlan {
  readonly maxAttempts: number;
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter: boolean;
  readonly on: readonly string[] | null;
}

export interface CachePlan {
  readonly ttlMs: number;
  /** null: the evaluated inputs and config are the key. */
  readonly key: CompiledValue | null;
  /** With a key: what else tells one node's results from another's. */
  readonly definition: string;
}

/** How many attempts of a node are under way at once, in all runs of the workflow together. */
export interface NodeConcurrencyPlan {
  readonly limit: number;
  /** The limit holds for each value apart; null: for all attempts together. */
  readonly key: CompiledValue | null;
}

export interface ContainerPlan {
  readonly body: GraphPlan;
  readonly mode: "sequential" | "parallel";
  readonly collect: CompiledValue | null;
  readonly while: CompiledValue | null;
  readonly variables: { readonly [name: string]: ValueType };
}
