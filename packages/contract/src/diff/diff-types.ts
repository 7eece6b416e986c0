import Type, { type Static } from "typebox";
import { closed } from "#schema-parts";

/** One value that differs. Absent `before`: it was not there; absent `after`: it is gone. */
export const FieldChange = Type.Object(
  {
    path: Type.String({ description: "JSON pointer, from the node or from the document." }),
    before: Type.Optional(Type.Unknown()),
    after: Type.Optional(Type.Unknown()),
  },
  closed,
);
export type FieldChange = Static<typeof FieldChange>;

export const NODE_CHANGES = ["added", "removed", "changed", "renamed"] as const;

export const NodeChange = Type.Object(
  {
    path: Type.String({ description: "`loop/inner` inside a body, as in `layout`." }),
    id: Type.String(),
    name: Type.String({ description: "Display name, or the id where it has none; of a renamed node the new one." }),
    change: Type.Enum(NODE_CHANGES, { description: "renamed: nothing but its display name." }),
    fields: Type.Array(FieldChange, { description: "All members of a node that was added or removed." }),
  },
  closed,
);
export type NodeChange = Static<typeof NodeChange>;

export const EdgeChange = Type.Object(
  {
    container: Type.String({ description: "Path of the loop or batch in whose body the edge is; empty: the document's own." }),
    edge: Type.Unknown({ description: "`start -> fetch`, or the long form where the short one cannot say it." }),
  },
  closed,
);
export type EdgeChange = Static<typeof EdgeChange>;

const Some = (description: string) => Type.Optional(Type.Integer({ minimum: 1, description }));

/** A diff in numbers; what there is none of is absent. */
export const ChangeCounts = Type.Object(
  {
    changed: Some("How many nodes have other fields."),
    added: Some("How many nodes were added."),
    removed: Some("How many nodes were removed."),
    renamed: Some("How many nodes have another display name and nothing else that differs."),
    moved: Some("How many nodes are at another place of the canvas."),
    edgesAdded: Some("How many edges were added."),
    edgesRemoved: Some("How many edges were removed."),
    settings: Some("How many members of the document itself differ."),
  },
  closed,
);
export type ChangeCounts = Static<typeof ChangeCounts>;

/** What differs between two documents by meaning. Where nothing but `layout` differs, they run alike. */
export const WorkflowDiff = Type.Object(
  {
    nodes: Type.Array(NodeChange),
    edges: Type.Object({ added: Type.Array(EdgeChange), removed: Type.Array(EdgeChange) }, closed),
    settings: Type.Array(FieldChange, {
      description: "Members of the document itself. `/nodes` and `/edges`: the same ones in another order.",
    }),
    layout: Type.Object(
      { moved: Type.Integer({ minimum: 0, description: "Nodes that are in both documents, at different places." }) },
      closed,
    ),
  },
  closed,
);
export type WorkflowDiff = Static<typeof WorkflowDiff>;
