import type { Route } from "#routes/route";
import * as T from "#tools";

const collection = {
  name: "crm",
  kind: "openapi",
  connection: "crm_api",
  title: "CRM",
  version: "1.4.0",
  count: 1,
  createdAt: 1790000000000,
  updatedAt: 1790000000000,
} as const;
const member = {
  name: "crm/getMember",
  description: "Read a member",
  input: { type: "object", properties: { id: { type: "integer" } }, required: ["id"], additionalProperties: false },
  method: "GET",
  path: "/members/{id}",
};
const document = '{"openapi":"3.1.0","info":{"title":"CRM","version":"1.4.0"},"paths":{"/members":{"get":{"operationId":"listMembers"}}}}';
const tools = { mark: "own", auth: "key:admin", tag: "Tools" } as const;

export const TOOL_ROUTES = [
  {
    ...tools,
    id: "listTools",
    permission: "view",
    method: "GET",
    path: "/api/v1/tools",
    summary: "List the OpenAPI documents that are imported",
    responses: { 200: { description: "All of them.", schema: T.ToolCollectionList, examples: { all: { data: [collection] } } } },
    errors: [],
  },
  {
    ...tools,
    id: "getTools",
    permission: "operate",
    method: "GET",
    path: "/api/v1/tools/{collection}",
    summary: "Read the tools of an imported document, or of the connection to an MCP server",
    description: "An MCP server is asked now: it says what it offers.",
    responses: { 200: { description: "All of them.", schema: T.ToolsView, examples: { crm: { ...collection, tools: [member] } } } },
    errors: ["not_found", "conflict"],
  },
  {
    ...tools,
    id: "putTools",
    permission: "edit",
    method: "PUT",
    path: "/api/v1/tools/{collection}",
    summary: "Import an OpenAPI document, or replace one",
    description:
      "Its operations become tools that workflows call. Importing connects nowhere and runs nothing: calls go to the base URL of the connection, whatever servers the document names.",
    body: { schema: T.ImportToolsBody, examples: { document: { connection: "crm_api", document } } },
    responses: { 200: { description: "It is kept.", schema: T.ImportedTools, examples: { kept: { ...collection, skipped: [] } } } },
    errors: ["conflict"],
  },
  {
    ...tools,
    id: "deleteTools",
    permission: "edit",
    method: "DELETE",
    path: "/api/v1/tools/{collection}",
    summary: "Remove an imported document",
    description: "A node that calls one of its operations fails from then on.",
    responses: { 204: { description: "Removed." } },
    errors: ["not_found"],
  },
] as const satisfies readonly Route[];
