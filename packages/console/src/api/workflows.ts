import type { WorkflowSummary } from "@millrace/contract";
import { listQuery } from "#api/pages.ts";

export const workflowsQuery = listQuery<WorkflowSummary>("workflows", "/api/v1/workflows");
