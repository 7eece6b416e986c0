import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { at, closed, Id, Name, page, paging } from "#schema-parts";

/** What becomes of due times that passed while no server was there, or while it was late. */
export const CATCH_UP_RULES = ["none", "last", "all"] as const;
export type CatchUp = (typeof CATCH_UP_RULES)[number];

const settings = {
  name: Type.Optional(Name),
  cron: Type.String({
    minLength: 1,
    maxLength: LIMITS.cronCharacters.value,
    description: "Five fields: minute, hour, day of month, month, day of week.",
  }),
  timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64, default: "UTC", description: "IANA name: Europe/Berlin." })),
  catchUp: Type.Optional(
    Type.Enum(CATCH_UP_RULES, {
      default: "last",
      description: `Due times that were missed: none is made up for, only the last one, or all, at most the latest ${LIMITS.catchUpRuns.value}.`,
    }),
  ),
  version: Type.Optional(
    Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$", default: "live", description: "`live`, or the version that every run has." }),
  ),
  input: Type.Optional(Type.Unsafe<object>({ type: "object", default: {}, description: "Of every run." })),
  userId: Type.Optional(Type.String({ maxLength: LIMITS.userIdCharacters.value })),
  enabled: Type.Optional(Type.Boolean({ default: true, description: "false: paused. What falls due meanwhile is never made up for." })),
};

export const CreateScheduleBody = Type.Object({ workflow: Type.String({ description: "Id or name." }), ...settings }, closed);
export type CreateScheduleBody = Static<typeof CreateScheduleBody>;
export const UpdateScheduleBody = Type.Partial(Type.Object(settings, closed), closed);
export type UpdateScheduleBody = Static<typeof UpdateScheduleBody>;

export const ScheduleView = Type.Object(
  {
    id: Id,
    name: Type.Optional(Name),
    workflowId: Id,
    workflowName: Type.Optional(Type.String({ description: "Absent: the workflow was deleted." })),
    version: Type.String(),
    cron: Type.String(),
    timeZone: Type.String(),
    catchUp: Type.Enum(CATCH_UP_RULES),
    input: Type.Unsafe<object>({ type: "object" }),
    userId: Type.Optional(Type.String()),
    enabled: Type.Boolean(),
    dueTimes: Type.Array(at("When it falls due"), { description: "The next five; none of a paused schedule." }),
    lastDueAt: Type.Optional(at("The last due time that was seen to")),
    lastRunId: Type.Optional(Type.String({ description: "The run that came of it." })),
    lastError: Type.Optional(Type.String({ description: "Why no run came of it." })),
    createdAt: at("When it was made"),
    updatedAt: at("When it was last changed"),
  },
  closed,
);
export type ScheduleView = Static<typeof ScheduleView>;
export const ScheduleList = page(ScheduleView);
export const StartersQuery = Type.Object({ workflow: Type.Optional(Type.String({ description: "Id or name." })), ...paging }, closed);
