import Type, { type Static, type TSchema } from "typebox";
import { LIMITS } from "#limits";

// Bodies of the published version and account endpoints: an envelope, members in snake case but for the older ones.

const enveloped = <T extends TSchema>(data: T) => Type.Object({ code: Type.Literal(0), message: Type.Literal("OK"), data });

const Millis = Type.Integer({ minimum: 0, description: "Epoch milliseconds." });
const FlowFile = Type.String({ contentMediaType: "application/octet-stream", description: "One `.flow` file." });
const Description = Type.String({ maxLength: LIMITS.versionNoteCharacters.value, description: "Why this version was made." });
const Warning = Type.String({ description: "What was changed or may fail, joined by `; `; empty: nothing." });

export const ImportVersionForm = Type.Object({ file: FlowFile, versionDesc: Type.Optional(Description) });
export const ImportVersionAnswer = enveloped(
  Type.Object({ botId: Type.String(), botType: Type.Literal("Workflow"), version: Type.String(), warning: Warning }),
);

export const ReleaseVersionBody = Type.Object({ version: Type.String({ minLength: 1, description: "Opaque text." }) });
export type ReleaseVersionBody = Static<typeof ReleaseVersionBody>;
export const ReleaseVersionAnswer = enveloped(
  Type.Object({
    version: Type.String(),
    previous_version: Type.String({ description: "Empty: nothing was live. The version itself, where it was live already." }),
  }),
);

const ListedVersion = Type.Object({
  id: Type.String(),
  bot_id: Type.String(),
  version: Type.String(),
  version_desc: Type.String(),
  version_status: Type.Enum(["PUBLISHED", "DRAFT"], { description: "PUBLISHED: the live one." }),
  create_time: Millis,
  release_time: Type.Union([Millis, Type.Null()], { description: "When it last went live; null: it never was." }),
  creator_email: Type.String({ description: "Empty where no account made it." }),
});
export const ListedVersionsAnswer = enveloped(Type.Array(ListedVersion));

export const RollbackVersionBody = Type.Object({
  version: Type.String({ minLength: 1, description: "The source: its workflow is copied." }),
  new_version: Type.Optional(
    Type.String({
      pattern: "^(?!draft$|draft-|live$)[A-Za-z0-9._-]{1,64}$",
      description: "Name of the copy; not `live`, `draft` or `draft-…`. Absent: the next one.",
    }),
  ),
  release: Type.Optional(Type.Boolean({ default: false, description: "Make the copy live, in the same step." })),
  version_desc: Type.Optional(Description),
});
export type RollbackVersionBody = Static<typeof RollbackVersionBody>;
export const RollbackVersionAnswer = enveloped(
  Type.Object({
    source_version: Type.String(),
    new_version: Type.String(),
    created: Type.Boolean(),
    released: Type.Boolean(),
    warnings: Type.Array(Type.String()),
  }),
);

const ofOrganisation = {
  org_id: Type.String({ description: "Id of the organisation; `orgId` of the DevKey." }),
  file: FlowFile,
  custom_name: Type.Optional(
    Type.String({ maxLength: LIMITS.customNameCharacters.value, description: "Of the workflow; absent: the file's." }),
  ),
};
export const PrecheckForm = Type.Object(ofOrganisation);
export const PrecheckAnswer = enveloped(
  Type.Object({
    valid: Type.Boolean(),
    error_message: Type.String({ description: "The first fault; empty: there is none." }),
    export_type: Type.String(),
    bot_type: Type.String(),
    name: Type.String({ description: "That the workflow would have." }),
    logo: Type.String(),
    introduction: Type.String(),
    format_version: Type.String(),
  }),
);

export const ImportWorkflowForm = Type.Object({
  ...ofOrganisation,
  enable_api: Type.Optional(Type.Enum(["true", "false"], { default: "true", description: "Make a key, and let it call the workflow." })),
});
export const ImportWorkflowAnswer = enveloped(
  Type.Object({
    workflow_id: Type.String(),
    name: Type.String(),
    api_key: Type.String({ description: "Shown this once; empty where enable_api is false." }),
    api_enabled: Type.Boolean(),
    version_manage_enabled: Type.Literal(false),
    warning: Warning,
  }),
);
