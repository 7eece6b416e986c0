import { ID, RUN_ID, SCHEDULE_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import { EXAMPLES } from "#routes/run-examples";
import { Acknowledgement } from "#run";
import { CreateScheduleBody, ScheduleList, ScheduleView, StartersQuery, UpdateScheduleBody } from "#schedules";

const schedule = {
  id: SCHEDULE_ID,
  name: "every morning",
  workflowId: ID,
  workflowName: "headline_digest",
  version: "live",
  cron: "30 6 * * MON-FRI",
  timeZone: "Europe/Berlin",
  catchUp: "last",
  input: { topic: "tides" },
  enabled: true,
  dueTimes: [1790051400000, 1790137800000, 1790224200000, 1790310600000, 1790569800000],
  lastDueAt: 1789965000000,
  lastRunId: RUN_ID,
  createdAt: 1789900000000,
  updatedAt: 1789900000000,
} as const;
const one = (description: string) => ({ description, schema: ScheduleView, examples: { schedule } });
const base = { mark: "own", tag: "Schedules", auth: "key:admin" } as const;
const errors = ["not_found", "no_published_version", "version_unknown", "invalid_input"] as const;

export const SCHEDULE_ROUTES = [
  {
    ...base,
    id: "listSchedules",
    permission: "view",
    method: "GET",
    path: "/api/v1/schedules",
    summary: "List schedules, newest first",
    query: StartersQuery,
    responses: { 200: { description: "One page.", schema: ScheduleList, examples: { page: { data: [schedule] } } } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "createSchedule",
    permission: "edit",
    method: "POST",
    path: "/api/v1/schedules",
    summary: "Run a workflow on a schedule",
    description:
      "At each due time one run is started, never early and never twice, over restarts. A time that a clock change skips is due at the first moment after the gap, one that it repeats is due once; a field with `*` or a step is due as often as the clock shows it.",
    body: {
      schema: CreateScheduleBody,
      examples: { daily: { workflow: "headline_digest", cron: "30 6 * * MON-FRI", timeZone: "Europe/Berlin", input: { topic: "tides" } } },
    },
    responses: { 201: one("The schedule.") },
    errors,
  },
  {
    ...base,
    id: "getSchedule",
    permission: "view",
    method: "GET",
    path: "/api/v1/schedules/{schedule}",
    summary: "Read a schedule with its next due times",
    responses: { 200: one("The schedule.") },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "updateSchedule",
    permission: "edit",
    method: "PATCH",
    path: "/api/v1/schedules/{schedule}",
    summary: "Change, pause or resume a schedule",
    body: { schema: UpdateScheduleBody, examples: { pause: { enabled: false }, zone: { timeZone: "Asia/Singapore" } } },
    responses: { 200: one("The schedule, which is due from now on by its new settings.") },
    errors,
  },
  {
    ...base,
    id: "deleteSchedule",
    permission: "edit",
    method: "DELETE",
    path: "/api/v1/schedules/{schedule}",
    summary: "Delete a schedule",
    description: "Runs that it started go on.",
    responses: { 204: { description: "Deleted." } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "runSchedule",
    permission: "operate",
    method: "POST",
    path: "/api/v1/schedules/{schedule}/run",
    summary: "Run a schedule's workflow now",
    description: "Also of a paused one; its due times stay as they are.",
    responses: { 200: { description: "The run.", schema: Acknowledgement, examples: { accepted: EXAMPLES.accepted } } },
    errors: [...errors, "workflow_deleted"],
  },
] as const satisfies readonly Route[];
