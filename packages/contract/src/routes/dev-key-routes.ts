import { CreateDevKeyAnswer, CreateDevKeyBody, DevKeyList } from "#dev-keys";
import { KEY_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

const devKey = { devKey: KEY_ID, name: "publishing", orgId: "default", createdAt: 1790000000000 };
const base = { mark: "own", tag: "Keys", auth: "key:admin", permission: "administer" } as const;

/** Keys of the organisation. They make workflows and keys: they are for owners. */
export const DEV_KEY_ROUTES = [
  {
    ...base,
    id: "listDevKeys",
    method: "GET",
    path: "/api/v1/dev-keys",
    summary: "List DevKeys",
    responses: { 200: { description: "All of them; never their secrets.", schema: DevKeyList, examples: { page: { data: [devKey] } } } },
    errors: [],
  },
  {
    ...base,
    id: "createDevKey",
    method: "POST",
    path: "/api/v1/dev-keys",
    summary: "Make a DevKey",
    description: "For the endpoints under /v1/org, with Basic authentication: it makes workflows, and keys that call them.",
    body: { schema: CreateDevKeyBody, examples: { create: { name: "publishing", expiresInDays: 90 } } },
    responses: {
      201: {
        description: "The DevKey and its secret, which is shown this once.",
        schema: CreateDevKeyAnswer,
        examples: { created: { ...devKey, expiresAt: 1797776000000, devSecret: "mrd_EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp" } },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "revokeDevKey",
    method: "DELETE",
    path: "/api/v1/dev-keys/{devKey}",
    summary: "Revoke a DevKey",
    description: "The workflows and keys that it made stay.",
    responses: { 204: { description: "Revoked." } },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
