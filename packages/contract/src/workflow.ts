import Type, { type Static } from "typebox";
import type { Json, JsonObject } from "#json";
import { LIMITS } from "#limits";

/**
 * The workflow document, `format: millrace/1`: one file a workflow, YAML or JSON.
 * What is specific to a node type (its config) lies beside the envelope members and is described by the type's own spec;
 * `workflowSchema` joins the two into the JSON Schema that editors use.
 */
export const WORKFLOW_FORMAT = "millrace/1";

/** Node ids: references use them, so they are identifiers and stable. */
export const NODE_ID_PATTERN = "^[A-Za-z_][A-Za-z0-9_]*$";

/** Every node type of the format. A build may lack the spec of some; publishing then says so. */
export const NODE_TYPES = [
  "start",
  "end",
  "condition",
  "intent",
  "llm",
  "extract",
  "agent",
  "audio",
  "code",
  "http",
  "tool",
  "knowledge",
  "file-parse",
  "database",
  "template",
  "split",
  "aggregate",
  "loop",
  "batch",
  "next",
  "continue",
  "break",
  "set",
  "workflow",
  "approval",
  "delay",
  "signal",
  "list",
  "comment",
] as const;

/** Node types that hold a graph of their own, in the config member `body`. */
export const CONTAINER_TYPES = ["loop", "batch"] as const;

export const RetryPolicy = Type.Object(
  {
    maxAttempts: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: 1, description: "Attempts in all, the first one included." }),
    ),
    initialMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 86_400_000, default: 500, description: "Wait before the second attempt." }),
    ),
    factor: Type.Optional(
      Type.Number({ minimum: 1, maximum: 100, default: 2, description: "Each further wait is this many times longer." }),
    ),
    maxMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000, default: 30_000, description: "The longest wait." })),
    jitter: Type.Optional(Type.Boolean({ default: true, description: "Spread each wait by up to ±25 %." })),
    on: Type.Optional(
      Type.Array(Type.String(), { description: "Error types to retry (`http_503`, `http_5*`); absent: all that are retryable." }),
    ),
  },
  { additionalProperties: false },
);
export type RetryPolicy = Static<typeof RetryPolicy>;

export const OnError = Type.Union([
  Type.Object({ do: Type.Literal("fail") }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal("branch") }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal("continue") }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal("default"), output: Type.Record(Type.String(), Type.Unknown()) }, { additionalProperties: false }),
]);
export type OnError = Static<typeof OnError>;

export const OutputField = Type.Object(
  {
    type: Type.Optional(Type.String({ description: "string, integer, number, boolean, object, array<…>, file<…>; absent: any." })),
    value: Type.Optional(Type.Unknown({ description: "A value or an expression over `result`; absent: `result.<name>`." })),
  },
  { additionalProperties: false },
);
export type OutputField = Static<typeof OutputField>;

/** A word that people sort workflows by. Two that differ in case are two. */
export const Tag = Type.String({ minLength: 1, maxLength: LIMITS.tagCharacters.value, pattern: "^\\S(?:.*\\S)?$" });

export const Tags = Type.Array(Tag, {
  maxItems: LIMITS.workflowTags.value,
  uniqueItems: true,
  description: "Words that people sort workflows by, without spaces around them; no meaning when running.",
});

/** A whole string that is one expression: `{{ fetch.body.items }}`. */
export const EXPRESSION_PATTERN = "^\\s*\\{\\{[\\s\\S]*\\}\\}\\s*$";

/** How many runs of a workflow are under way at once. One that does nothing but wait is not counted. */
export const Concurrency = Type.Object(
  {
    limit: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: "Runs under way at once; the others wait for their turn, oldest first.",
    }),
    key: Type.Optional(
      Type.String({
        maxLength: 10_000,
        description:
          "An expression over `start`, `env` and `run`: the limit holds for each of its values apart. null where it cannot be evaluated.",
      }),
    ),
    queue: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100_000, default: 1_000, description: "Runs that may wait; beyond it invoke answers 429." }),
    ),
    queueTimeoutMs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_592_000_000,
        default: 86_400_000,
        description: "One that waits longer ends FAILED, queue_expired.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type Concurrency = Static<typeof Concurrency>;

/** How long a node's results may be used again. */
export const NodeCache = Type.Object(
  {
    ttlMs: Type.Integer({
      minimum: 1,
      maximum: 2_592_000_000,
      description: "For so long a result is used again, in any run of the workflow, where the node would be asked for the same.",
    }),
    key: Type.Optional(
      Type.String({
        maxLength: 10_000,
        description:
          "An expression: where it gives the same, the node is asked for the same. Absent: where its inputs and config are the same.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type NodeCache = Static<typeof NodeCache>;

/** How many attempts of a node are under way at once, in all runs of the workflow together. */
export const NodeConcurrency = Type.Object(
  {
    limit: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: "Attempts under way at once; the others wait, and runs are served by turns.",
    }),
    key: Type.Optional(
      Type.String({
        maxLength: 10_000,
        description: "An expression: the limit holds for each of its values apart. null where it cannot be evaluated.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type NodeConcurrency = Static<typeof NodeConcurrency>;

/** The members that every node has; a node's other members are its type's config. A type's own member of the same name comes first. */
export const NodeEnvelope = Type.Object({
  id: Type.String({ pattern: NODE_ID_PATTERN, maxLength: 64, description: "References use it: `<id>.<field>`. Unique in the document." }),
  type: Type.String({ description: "Node type; decides which config members the node has." }),
  name: Type.Optional(Type.String({ maxLength: 200, description: "Display name, any script." })),
  note: Type.Optional(Type.String({ maxLength: 10_000, description: "For people; no meaning when running." })),
  inputs: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: "Named values or expressions, read in this node as `inputs.<name>`." }),
  ),
  outputs: Type.Optional(
    Type.Record(Type.String(), OutputField, { description: "Exactly the fields that others read; expressions over `result`." }),
  ),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400_000, description: "Longest time of one attempt." })),
  retry: Type.Optional(RetryPolicy),
  onError: Type.Optional(OnError),
  skipIf: Type.Optional(
    Type.Union([Type.Boolean(), Type.String({ pattern: EXPRESSION_PATTERN, maxLength: 10_000 })], {
      description: "An expression, asked before each attempt: where it is truthy the node is skipped, and so is what only it leads to.",
    }),
  ),
  cache: Type.Optional(NodeCache),
  concurrency: Type.Optional(NodeConcurrency),
  flow: Type.Optional(Type.Unknown({ description: "Members of an imported .flow file, kept for export." })),
});
export type NodeEnvelope = Static<typeof NodeEnvelope>;

/** One node: the envelope, and beside it the config members of its type, which may have one of the name `concurrency` instead. */
export interface WorkflowNode extends Omit<NodeEnvelope, "concurrency"> {
  readonly [config: string]: unknown;
}

/** The long form; in a file usually the short one, `start -> fetch` or `check.yes -> fetch`. */
export const EdgeObject = Type.Object(
  {
    from: Type.String({ description: "Id of the node before." }),
    port: Type.Optional(Type.String({ default: "out", description: "The port of it that this edge leaves." })),
    to: Type.String({ description: "Id of the node after." }),
    toPort: Type.Optional(Type.Literal("in")),
    flow: Type.Optional(Type.Unknown({ description: "Members of an imported .flow file, kept for export." })),
  },
  { additionalProperties: false },
);
export const Edge = Type.Union([Type.String({ pattern: "^\\s*[^\\s>]+\\s*->\\s*[^\\s>]+\\s*$" }), EdgeObject]);
export type Edge = Static<typeof Edge>;

/** A graph: of the document itself, or the body of a container node. */
export interface Graph {
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly Edge[];
}

export interface WorkflowDocument extends Graph {
  readonly format: typeof WORKFLOW_FORMAT;
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Read-only values of this workflow, read as `env.<NAME>`. */
  readonly env?: { readonly [name: string]: Json };
  /** Refuse members of `input` that Start does not declare. */
  readonly strictInput?: boolean;
  /** Absent: as many runs at once as come. */
  readonly concurrency?: Concurrency;
  /** Positions by node path (`loop/inner` inside a body); no meaning when running. */
  readonly layout?: { readonly [nodePath: string]: readonly [x: number, y: number] };
  /** Members of an imported .flow file, kept for export. */
  readonly flow?: JsonObject;
}
