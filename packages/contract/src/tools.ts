import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { at, closed } from "#schema-parts";

// Tools that workflows call, as the management API speaks of them.

const CollectionName = Type.String({
  pattern: "^[A-Za-z0-9_][A-Za-z0-9_-]*$",
  maxLength: LIMITS.secretNameCharacters.value,
  description: "Its tools are named `collection/operation`.",
});
const ConnectionName = Type.String({
  pattern: "^[A-Za-z_][A-Za-z0-9_-]*$",
  maxLength: LIMITS.secretNameCharacters.value,
  description: "The connection whose base URL and credential its calls use.",
});

const collection = {
  name: CollectionName,
  kind: Type.Enum(["openapi", "mcp"], { description: "openapi: an imported document; mcp: the connection to a server, asked now." }),
  connection: ConnectionName,
  title: Type.String({ description: "As the document or the server calls itself." }),
  version: Type.String(),
  count: Type.Integer({ minimum: 0, description: "Tools of it." }),
  createdAt: Type.Optional(at("When it was first imported")),
  updatedAt: Type.Optional(at("When it was last imported")),
};

const ToolView = Type.Object(
  {
    name: Type.String({ description: "`collection/operation`" }),
    description: Type.String(),
    input: Type.Unsafe<object>({ type: "object", description: "JSON Schema of what it is given." }),
    method: Type.Optional(Type.String({ description: "HTTP method of an operation." })),
    path: Type.Optional(Type.String({ description: "Path of an operation, below the base URL." })),
  },
  closed,
);
const Skipped = Type.Array(Type.Object({ operation: Type.String(), reason: Type.String() }, closed), {
  description: "What of the document is no tool, and why.",
});

export const ToolCollectionView = Type.Object(collection, closed);
export type ToolCollectionView = Static<typeof ToolCollectionView>;
export const ToolCollectionList = Type.Object({ data: Type.Array(ToolCollectionView) }, closed);
export type ToolCollectionList = Static<typeof ToolCollectionList>;
export const ImportedTools = Type.Object({ ...collection, skipped: Skipped }, closed);
export type ImportedTools = Static<typeof ImportedTools>;
export const ToolsView = Type.Object({ ...collection, tools: Type.Array(ToolView) }, closed);
export type ToolsView = Static<typeof ToolsView>;
export const ImportToolsBody = Type.Object(
  {
    connection: ConnectionName,
    document: Type.String({ minLength: 1, description: "The text of an OpenAPI document of version 3.0 or 3.1, JSON or YAML." }),
  },
  closed,
);
export type ImportToolsBody = Static<typeof ImportToolsBody>;
