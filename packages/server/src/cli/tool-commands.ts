import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";

const COLLECTION: ArgumentSpec = { name: "collection", summary: "what its tools are named after: collection/operation" };

/** Tools that workflows call. */
export const TOOL_COMMANDS = [
  {
    name: "tools import",
    summary: "import an OpenAPI document, or replace one: its operations become tools",
    arguments: [COLLECTION, { name: "file", summary: "OpenAPI 3.0 or 3.1, JSON or YAML; - for stdin" }],
    flags: [
      {
        name: "connection",
        kind: "text",
        value: "name",
        summary: "whose base URL and credential calls use; default: that of the collection's name",
      },
    ],
    exits: ["auth", "conflict"],
  },
  { name: "tools list", summary: "list the documents that are imported", exits: ["auth"] },
  {
    name: "tools show",
    summary: "list the tools of a document, or of the connection to an MCP server",
    arguments: [COLLECTION],
    exits: ["auth", "notFound", "conflict"],
  },
  {
    name: "tools remove",
    summary: "remove an imported document",
    arguments: [COLLECTION],
    exits: ["auth", "notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
