import Type, { type Static } from "typebox";
import { BULK_ACTIONS, BULK_STATES } from "#bulk-states";
import { LIMITS } from "#limits";
import { replayMembers } from "#replay";
import { RUN_TRIGGERS, RunStatus } from "#run";
import { at, closed, Id, page, paging } from "#schema-parts";

const action = Type.Enum(BULK_ACTIONS);
const filter = Type.Object(
  {
    workflow: Type.Optional(Type.String({ description: "Id or name." })),
    status: Type.Optional(RunStatus),
    user: Type.Optional(Type.String({ description: "Exact userId." })),
    trigger: Type.Optional(Type.Enum(RUN_TRIGGERS)),
    since: Type.Optional(at("Accepted at or after")),
  },
  {
    ...closed,
    description: `Which runs, as they are when the job is made; ${LIMITS.bulkRuns.value} at most. Without \`status\`: RUNNING to cancel, FAILED to replay.`,
  },
);

export const CreateBulkJobBody = Type.Object({ action, filter, ...replayMembers }, closed);
export type CreateBulkJobBody = Static<typeof CreateBulkJobBody>;

const count = (description: string) => Type.Integer({ minimum: 0, description });
export const BulkJobView = Type.Object(
  {
    id: Id,
    action,
    filter,
    ...replayMembers,
    state: Type.Enum(BULK_STATES, { description: "It runs on over restarts, until it is done or stopped." }),
    matched: count("Runs that the filter had. The other counts add up to it."),
    done: count("Cancelled, or replayed."),
    failed: count("Could not be; `lastError` says why the last one was not."),
    skipped: count("Ended, or were deleted, before their turn came."),
    remaining: count("Still to come; of a stopped job, left as they are."),
    lastError: Type.Optional(Type.String()),
    createdAt: at("When it was made"),
    updatedAt: at("When it last went on"),
  },
  closed,
);
export type BulkJobView = Static<typeof BulkJobView>;
export const BulkJobList = page(BulkJobView);
export const BulkJobsQuery = Type.Object(paging, closed);
