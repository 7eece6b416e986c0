import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { at, closed } from "#schema-parts";

const Count = (description: string) => Type.Integer({ minimum: 0, description });

export const SystemView = Type.Object(
  {
    version: Type.String(),
    engine: Type.Enum(["embedded", "restate"], { description: "What drives runs." }),
    node: Type.String({ description: "Version of Node.js." }),
    unfinishedRuns: Count("Runs that have not ended: queued, under way or waiting."),
    maxRuns: Count("Runs that this process drives at once; beyond it invoke answers 503."),
    database: Type.Enum(["sqlite", "postgres"], { description: "Where the data is. Of SQLite the server makes backups itself." }),
    databaseBytes: Count("What the database takes of the disk."),
    retentionDays: Count("Days that ended runs are kept; 0: for ever. MILLRACE_RETENTION_DAYS."),
    auditRetentionDays: Count("Days that the audit log is kept; 0: for ever. MILLRACE_AUDIT_RETENTION_DAYS."),
    publicUrl: Type.Optional(Type.String({ description: "MILLRACE_PUBLIC_URL; absent: links are made of each request." })),
  },
  closed,
);
export type SystemView = Static<typeof SystemView>;

export const CheckView = Type.Object(
  {
    check: Type.String(),
    verdict: Type.Enum(["ok", "failed", "unknown"], { description: "unknown: it could not be found out." }),
    problem: Type.Optional(Type.String()),
    fix: Type.Optional(Type.String({ description: "What mends it." })),
    durationMs: Count("How long the check took."),
  },
  closed,
);
export type CheckView = Static<typeof CheckView>;
export const CheckList = Type.Object({ data: Type.Array(CheckView) }, closed);
export type CheckList = Static<typeof CheckList>;

const BackupFile = Type.Object({ name: Type.String(), bytes: Count("Of the archive."), createdAt: at("When it was begun") }, closed);
export const BackupsView = Type.Object(
  {
    folder: Type.String({ description: "Where the archives lie, on the server." }),
    running: Type.Optional(
      Type.Object(
        { startedAt: at("When it began"), share: Type.Number({ minimum: 0, maximum: 1, description: "How much of it is done." }) },
        { ...closed, description: "The backup that is being made." },
      ),
    ),
    failed: Type.Optional(
      Type.Object({ at: at("When it failed"), problem: Type.String() }, { ...closed, description: "The last one, where it was not made." }),
    ),
    data: Type.Array(BackupFile, { description: `Newest first. Of those that were asked for the last ${LIMITS.backupsKept.value} stay.` }),
  },
  closed,
);
export type BackupsView = Static<typeof BackupsView>;
