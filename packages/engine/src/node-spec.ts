import { type JsonObject, type RetryPolicy } from "@millrace/contract";
import type { TSchema } from "typebox";
import type { SaidProblem } from "#plan/problem";
import type { ValueType } from "#value/types";

/** How the strings of one config member are read. */
export type MemberMode =
  /** Templates over the node's scope; a failing expression fails the node. The default. */
  | "node"
  /** As "node", but what cannot be evaluated reads as null: conditions never throw. */
  | "lenient"
  /** Never templated: source code, port names, schemas. */
  | "literal"
  /** A graph of its own, run once an item. */
  | "graph"
  /** Read in the item's frame once the iteration has completed. */
  | "body"
  /** Read before each iteration, with the loop's variables. */
  | "iteration";

/** What others may read of a node: named fields with their types; `open` when there may be more. */
export interface ResultShape {
  readonly fields: { readonly [name: string]: ValueType };
  readonly open: boolean;
}

/**
 * What running a node does to the world.
 * - `none`: nothing, and it takes no time worth speaking of. Run where it is decided; only its outcome is recorded.
 * - `contained`: it may take long, but nobody outside the run can tell whether it ran once or twice. Attempts are recorded, and wait for nothing.
 * - `outside`: others may observe it. Each attempt is durable before it starts.
 */
export type Effect = "none" | "contained" | "outside";

/** What the plan must know of a node type. Pure data and pure functions; the executor lies apart. */
export interface NodeSpec {
  readonly type: string;
  /** Version of the stored config shape; a change comes with a named step up. */
  readonly version: number;
  readonly effect: Effect;
  /** What it does with this config, where that is more than `effect` says. */
  effectOf?(config: JsonObject): Effect;
  /** JSON Schema of the config members (those beside the envelope). */
  readonly config: TSchema;
  readonly members: { readonly [member: string]: MemberMode };
  /** The node's place in a graph. */
  readonly role: "step" | "entry" | "end" | "leave" | "container" | "note";
  /** Names of the ports; empty for a node that nothing follows. */
  ports(config: JsonObject): readonly string[];
  result(config: JsonObject): ResultShape;
  /** Containers: how items run, and the loop variables with their types. */
  readonly container?: {
    readonly mode: "sequential" | "parallel";
    variables(config: JsonObject): { readonly [name: string]: ValueType };
  };
  /** `leave` nodes: false where the type may not stand in a batch (break). */
  readonly allowedInBatch?: boolean;
  /** Names of the loop variables that the node sets (checked against the enclosing loops). */
  assigns?(config: JsonObject): readonly string[];
  /** JSON pointer prefixes within the config in which `secrets.*` may stand. */
  readonly secretFields?: readonly string[];
  /** How an attempt that failed is made again, where the envelope does not say. Default: not at all. */
  readonly retry?: RetryPolicy;
  /** An attempt may cost credits: it begins only while the budgets that it falls under have something left. */
  readonly paid?: true;
  /** Connections of the server that the config names in literal text. */
  connections?(config: JsonObject): readonly ConnectionUse[];
  /** Collections of the tools that the config names in literal text. */
  tools?(config: JsonObject): readonly ToolsUse[];
  /** Problems that the schema cannot say; pointers are relative to the node. */
  check?(config: JsonObject): readonly SaidProblem[];
}

/** Tools that a config names. */
export interface ToolsUse {
  /** An imported document, or the connection to an MCP server. */
  readonly collection: string;
  /** Path of the text within the config. */
  readonly at: readonly string[];
}

/** A connection that a config names. */
export interface ConnectionUse {
  readonly name: string;
  /** Path of the text within the config. */
  readonly at: readonly string[];
  /** What of it is named, where it is a model: then an attempt begins without the connection too, for another model may stand in. */
  readonly model?: string;
}

export type NodeSpecs = ReadonlyMap<string, NodeSpec>;
