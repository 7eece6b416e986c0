import { BulkJobList, BulkJobsQuery, BulkJobView, CreateBulkJobBody } from "#bulk-jobs";
import { JOB_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

const job = {
  id: JOB_ID,
  action: "replay",
  filter: { workflow: "headline_digest", status: "FAILED", since: 1789990000000 },
  from: "failed",
  version: "live",
  state: "running",
  matched: 100,
  done: 40,
  failed: 2,
  skipped: 0,
  remaining: 58,
  createdAt: 1790000000000,
  updatedAt: 1790000004000,
} as const;
const base = { mark: "own", tag: "Runs", auth: "key:admin" } as const;
const one = (description: string) => ({ description, schema: BulkJobView, examples: { job } });

export const BULK_ROUTES = [
  {
    ...base,
    id: "listBulkJobs",
    permission: "view",
    method: "GET",
    path: "/api/v1/bulk-jobs",
    summary: "List jobs over many runs, newest first",
    query: BulkJobsQuery,
    responses: {
      200: { description: "One page; the last hundred that ended are kept.", schema: BulkJobList, examples: { page: { data: [job] } } },
    },
    errors: [],
  },
  {
    ...base,
    id: "createBulkJob",
    permission: "operate",
    method: "POST",
    path: "/api/v1/bulk-jobs",
    summary: "Cancel or replay every run of a filter",
    description:
      "Each run once, newest first, at a pace that leaves room for others, over restarts. Runs that begin later are not among them.",
    body: {
      schema: CreateBulkJobBody,
      examples: { replay: { action: "replay", filter: { workflow: "headline_digest", status: "FAILED" }, version: "live" } },
    },
    responses: { 201: one("The job, which has begun.") },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getBulkJob",
    permission: "view",
    method: "GET",
    path: "/api/v1/bulk-jobs/{job}",
    summary: "Read how far a job is",
    responses: { 200: one("The job.") },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "stopBulkJob",
    permission: "operate",
    method: "POST",
    path: "/api/v1/bulk-jobs/{job}/stop",
    summary: "Stop a job",
    description: "Runs that it has not come to stay as they are. A job that has ended stays as it is.",
    responses: { 200: one("The job.") },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
