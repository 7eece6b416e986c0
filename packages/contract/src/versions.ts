import Type, { type Static } from "typebox";
import { ChangeCounts, WorkflowDiff } from "#diff/diff-types";
import { Author } from "#drafts";
import { LIMITS } from "#limits";
import { at, closed, Document, page, paging, Version } from "#schema-parts";

const Count = Type.Integer({ minimum: 0 });

const versionMembers = {
  version: Version,
  note: Type.Optional(
    Type.String({
      description:
        "Why this version was made. Where its publisher said nothing: what differs from the version that was live, in the language of the request (`Accept-Language`).",
    }),
  ),
  changes: Type.Optional(
    Type.Object(ChangeCounts.properties, {
      ...closed,
      description: "What that note is made of. Absent: the note is in its publisher's own words, or there is none.",
    }),
  ),
  live: Type.Boolean(),
  hash: Type.String({ pattern: "^[0-9a-f]{64}$", description: "SHA-256 of the canonical text." }),
  createdAt: at("When the version was made"),
  createdBy: Type.Optional(Author),
  releasedAt: Type.Optional(at("When it last went live; absent: it never was")),
  runs: Type.Optional(
    Type.Object(
      { total: Count, ended: Count, failed: Count },
      { ...closed, description: `With \`stats\`: its runs among the workflow's last ${LIMITS.versionRuns.value}.` },
    ),
  ),
};
export const VersionSummary = Type.Object(versionMembers, closed);
export type VersionSummary = Static<typeof VersionSummary>;
export const VersionList = page(VersionSummary);
export const VersionView = Type.Object({ ...versionMembers, document: Document }, closed);
export type VersionView = Static<typeof VersionView>;
export const PromoteBody = Type.Object({ version: Version }, closed);
export type PromoteBody = Static<typeof PromoteBody>;
export const PromoteAnswer = Type.Object({ version: Version, previousVersion: Type.Optional(Version) }, closed);
export type PromoteAnswer = Static<typeof PromoteAnswer>;

const stats = Type.Optional(Type.Boolean({ default: false, description: "Count the runs of each version." }));
export const VersionQuery = Type.Object({ stats }, closed);
export type VersionQuery = Static<typeof VersionQuery>;
export const VersionsQuery = Type.Object({ stats, ...paging }, closed);
export type VersionsQuery = Static<typeof VersionsQuery>;

const Reference = (fallback: string, description: string) =>
  Type.Optional(Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$", default: fallback, description }));

export const DiffQuery = Type.Object(
  { from: Reference("live", "A version, `live` or `draft`."), to: Reference("draft", "A version, `live` or `draft`.") },
  closed,
);
export type DiffQuery = Static<typeof DiffQuery>;

export const DiffAnswer = Type.Object(
  {
    from: Type.Optional(Type.String({ description: "The version, or `draft`; absent: nothing was published." })),
    to: Type.Optional(Type.String({ description: "The version, or `draft`; absent: nothing was published." })),
    summary: Type.String({
      description: "In a few words, in the language of the request; what a version is noted as where its publisher says nothing.",
    }),
    ...WorkflowDiff.properties,
  },
  closed,
);
export type DiffAnswer = Static<typeof DiffAnswer>;
