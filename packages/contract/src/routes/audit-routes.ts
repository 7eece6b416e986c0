import * as P from "#members";
import { KEY_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

export const AUDIT_ROUTES = [
  {
    id: "listAudit",
    method: "GET",
    path: "/api/v1/audit",
    auth: "key:admin",
    permission: "administer",
    mark: "own",
    tag: "Audit",
    summary: "Who did what",
    description: "Every request of the management API that changes something, and what signs in and out. Newest first.",
    query: P.AuditQuery,
    responses: {
      200: {
        description: "One page.",
        schema: P.AuditList,
        examples: {
          page: {
            data: [
              {
                id: "17",
                at: 1790000000000,
                actor: { kind: "member", id: "66f0d0a1b3d4e5f607182a31", name: "ada@example.com" },
                action: "revokeKey",
                targets: { key: KEY_ID },
                address: "192.0.2.10",
                status: 204,
                result: "done",
                requestId: "req_8f1c2a",
              },
            ],
          },
        },
      },
    },
    errors: [],
  },
] as const satisfies readonly Route[];
