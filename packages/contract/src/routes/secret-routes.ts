import { ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import * as S from "#secrets";

const workflows = [{ id: ID, name: "greet" }];
const times = { createdAt: 1790000000000, updatedAt: 1790000000000, workflows };
const secret = { name: "API_TOKEN", ...times, lastUsedAt: 1790000100000 };
const connection = {
  name: "crm",
  provider: "http",
  baseUrl: "https://crm.example.com/api",
  hosts: ["crm.example.com:443"],
  credential: { type: "header", name: "x-api-key" },
  settings: {},
  ...times,
} as const;
const base = { mark: "own", auth: "key:admin" } as const;
const secrets = { ...base, tag: "Secrets" } as const;
const connections = { ...base, tag: "Connections" } as const;

export const SECRET_ROUTES = [
  {
    ...secrets,
    id: "listSecrets",
    permission: "view",
    method: "GET",
    path: "/api/v1/secrets",
    summary: "List secrets by name, never their values",
    responses: { 200: { description: "All of them.", schema: S.SecretList, examples: { all: { data: [secret] } } } },
    errors: [],
  },
  {
    ...secrets,
    id: "putSecret",
    permission: "edit",
    method: "PUT",
    path: "/api/v1/secrets/{secret}",
    summary: "Make a secret, or replace its value",
    body: { schema: S.PutSecretBody, examples: { value: { value: "the-value-of-the-secret" } } },
    responses: { 200: { description: "It is kept, sealed.", schema: S.SecretView, examples: { kept: secret } } },
    errors: [],
  },
  {
    ...secrets,
    id: "deleteSecret",
    permission: "edit",
    method: "DELETE",
    path: "/api/v1/secrets/{secret}",
    summary: "Delete a secret",
    description: "A node that reads it fails from then on.",
    responses: { 204: { description: "Deleted." } },
    errors: ["not_found"],
  },
  {
    ...connections,
    id: "listConnections",
    permission: "view",
    method: "GET",
    path: "/api/v1/connections",
    summary: "List connections by name, never their credentials",
    responses: { 200: { description: "All of them.", schema: S.ConnectionList, examples: { all: { data: [connection] } } } },
    errors: [],
  },
  {
    ...connections,
    id: "getConnection",
    permission: "view",
    method: "GET",
    path: "/api/v1/connections/{connection}",
    summary: "Read a connection, without its credential",
    responses: { 200: { description: "The connection.", schema: S.ConnectionView, examples: { one: connection } } },
    errors: ["not_found"],
  },
  {
    ...connections,
    id: "putConnection",
    permission: "edit",
    method: "PUT",
    path: "/api/v1/connections/{connection}",
    summary: "Make a connection, or replace it",
    body: {
      schema: S.PutConnectionBody,
      examples: {
        header: {
          baseUrl: "https://crm.example.com/api",
          credential: { type: "header", name: "x-api-key", value: "the-value-of-the-key" },
        },
      },
    },
    responses: { 200: { description: "It is kept, its credential sealed.", schema: S.ConnectionView, examples: { kept: connection } } },
    errors: [],
  },
  {
    ...connections,
    id: "deleteConnection",
    permission: "edit",
    method: "DELETE",
    path: "/api/v1/connections/{connection}",
    summary: "Delete a connection with its credential",
    description: "A node that uses it fails from then on.",
    responses: { 204: { description: "Deleted." } },
    errors: ["not_found"],
  },
  {
    ...connections,
    id: "testConnection",
    permission: "edit",
    method: "POST",
    path: "/api/v1/connections/{connection}/test",
    summary: "Ask the base URL of a connection, with its credential",
    description:
      "A GET through the egress guard: what it refuses is told as what a workflow would be told. Of a model provider: a small request to a model, which the provider charges for.",
    body: { schema: S.TestConnectionBody, required: false },
    responses: {
      200: {
        description: "What came of it.",
        schema: S.TestConnectionAnswer,
        examples: { ok: { ok: true, status: 200, durationMs: 84 } },
      },
    },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
