import type { ApprovalView, DecideBody } from "@millrace/contract";
import { queryOptions } from "@tanstack/react-query";
import { call, path, type Query } from "#api/client.ts";
import { listQuery } from "#api/pages.ts";

export const approvalsQuery = (query: Query) => listQuery<ApprovalView>("approvals", "/api/v1/approvals", query);

export const approvalQuery = (id: string) =>
  queryOptions({
    queryKey: ["approval", id],
    queryFn: ({ signal }) => call<ApprovalView>(path("api", "v1", "approvals", id), { signal }),
  });

export const decideApproval = ({ id, ...body }: DecideBody & { readonly id: string }) =>
  call<ApprovalView>(path("api", "v1", "approvals", id, "decide"), { method: "POST", body });

export type { ApprovalView };
