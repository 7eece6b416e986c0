import * as M from "#management";
import { ID, KEY_ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

const key = {
  id: KEY_ID,
  name: "website",
  hint: "mr_9hK…4f2x",
  workflows: [{ id: ID, name: "greet" }],
  scopes: ["invoke", "query"],
  createdAt: 1790000000000,
} as const;
const base = { mark: "own", tag: "Keys" } as const;

export const KEY_ROUTES = [
  {
    ...base,
    id: "listKeys",
    method: "GET",
    path: "/api/v1/keys",
    auth: "key:admin",
    permission: "operate",
    summary: "List keys",
    query: M.PageQuery,
    responses: { 200: { description: "One page; never the keys themselves.", schema: M.KeyList, examples: { page: { data: [key] } } } },
    errors: [],
  },
  {
    ...base,
    id: "createKey",
    method: "POST",
    path: "/api/v1/keys",
    auth: "key:admin",
    permission: "edit",
    summary: "Make a key",
    body: {
      schema: M.CreateKeyBody,
      examples: {
        create: {
          name: "website",
          workflows: ["greet"],
          scopes: ["invoke", "query"],
          expiresInDays: 90,
          rateLimit: { requests: 100, windowS: 60 },
        },
      },
    },
    responses: {
      201: {
        description: "The key, shown this once.",
        schema: M.CreateKeyAnswer,
        examples: {
          created: {
            ...key,
            expiresAt: 1797776000000,
            rateLimit: { requests: 100, windowS: 60 },
            key: "mr_EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp",
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "rotateKey",
    method: "POST",
    path: "/api/v1/keys/{key}/rotate",
    auth: "key:admin",
    permission: "edit",
    summary: "Replace a key by a new one",
    description: "The new key may do the same, and expires when the old one would have. The old one goes on working for the overlap.",
    body: { schema: M.RotateKeyBody, examples: { day: { overlapS: 86_400 } } },
    responses: {
      201: {
        description: "The new key, shown this once.",
        schema: M.CreateKeyAnswer,
        examples: { rotated: { ...key, key: "mr_EXAMPLEexampleEXAMPLEexampleEXAMPLEexamp" } },
      },
    },
    errors: ["not_found", "conflict"],
  },
  {
    ...base,
    id: "revokeKey",
    method: "DELETE",
    path: "/api/v1/keys/{key}",
    auth: "key:admin",
    permission: "edit",
    summary: "Revoke a key",
    responses: { 204: { description: "Revoked." } },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "whoami",
    method: "GET",
    path: "/api/v1/whoami",
    auth: "key",
    permission: "view",
    summary: "What this key is",
    responses: {
      200: {
        description: "The key that the request carries.",
        schema: M.Whoami,
        examples: {
          whoami: {
            keyId: KEY_ID,
            name: "website",
            scopes: ["invoke", "query"],
            workflows: [{ id: ID, name: "greet" }],
            serverVersion: "0.1.0",
          },
        },
      },
    },
    errors: [],
  },
] as const satisfies readonly Route[];
