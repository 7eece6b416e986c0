import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { RunDetail } from "#management";
import { at, closed, Document, Id } from "#schema-parts";

// Links with which somebody without an account looks at one run.

const members = {
  id: Id,
  runId: Type.String(),
  hint: Type.String({ description: "First and last characters of its token." }),
  createdAt: at("When the link was made"),
  expiresAt: at("When it stops working"),
  createdBy: Type.String({ description: "Email of the member, or name of the key." }),
};
export const RunShareView = Type.Object(members, closed);
export type RunShareView = Static<typeof RunShareView>;
export const RunShareList = Type.Object(
  {
    enabled: Type.Boolean({ description: "false: the operator has turned links off (MILLRACE_RUN_LINKS)." }),
    data: Type.Array(RunShareView, { description: "Those that work, newest first." }),
  },
  closed,
);
export type RunShareList = Static<typeof RunShareList>;

export const CreateRunShareBody = Type.Object(
  {
    expiresInHours: Type.Optional(
      Type.Integer({ minimum: 1, maximum: LIMITS.runLinkHours.value, default: 168, description: "How long it works." }),
    ),
  },
  closed,
);
export type CreateRunShareBody = Static<typeof CreateRunShareBody>;

export const CreateRunShareAnswer = Type.Object(
  { ...members, url: Type.String({ description: "Whoever has it sees the run. Shown this once." }) },
  closed,
);
export type CreateRunShareAnswer = Static<typeof CreateRunShareAnswer>;

/** What whoever has a link sees: the run without the names of who began it, and the version that ran. */
export const SharedRun = Type.Object(
  {
    run: Type.Omit(RunDetail, ["userId", "key", "starterId", "retryOf"]),
    document: Document,
    expiresAt: at("When the link stops working"),
  },
  closed,
);
export type SharedRun = Static<typeof SharedRun>;
