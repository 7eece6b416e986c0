import Type, { type Static } from "typebox";

// Replays of runs, one and many.

const closed = { additionalProperties: false };

/** How a run is replayed; a job has the same for each of its own. */
export const replayMembers = {
  from: Type.Optional(
    Type.Enum(["failed", "start"], {
      default: "failed",
      description:
        "failed: what finished keeps its result, at no cost; what failed or was under way runs again. start: everything runs again.",
    }),
  ),
  version: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z0-9._-]{1,64}$",
      default: "same",
      description:
        "`same`, `live`, `draft` (the draft as it is now), or the name of a version. In another version a result is reused only where it is safe.",
    }),
  ),
};

export const ReplayBody = Type.Object(
  {
    ...replayMembers,
    node: Type.Optional(
      Type.String({ minLength: 1, description: "In place of `from`: the id of the node that runs again, with all that follows it." }),
    ),
    input: Type.Optional(Type.Unsafe<object>({ type: "object", description: "In place of the run's input; only from the start." })),
  },
  closed,
);
export type ReplayBody = Static<typeof ReplayBody>;

const previewed = {
  nodeId: Type.String(),
  nodeName: Type.String(),
  nodeType: Type.String(),
};
export const ReplayPreview = Type.Object(
  {
    version: Type.String({ description: "The version in which it would run; `draft` for the draft." }),
    reused: Type.Array(
      Type.Object(
        { ...previewed, results: Type.Integer({ minimum: 1, description: "In a loop or batch a node has one for each item." }) },
        closed,
      ),
      { description: "Nodes whose results are taken over, at no cost." },
    ),
    again: Type.Array(
      Type.Object({ ...previewed, effect: Type.Boolean({ description: "true: others can observe that it runs again." }) }, closed),
      { description: "Nodes that run again, where the run comes by them." },
    ),
  },
  closed,
);
export type ReplayPreview = Static<typeof ReplayPreview>;
