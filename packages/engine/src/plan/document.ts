import { Concurrency, isJsonObject, say, Tags, WORKFLOW_FORMAT, type WorkflowDocument } from "@millrace/contract";
import Type from "typebox";
import type { Problems } from "#plan/problem";
import { checkSchema } from "#plan/schema-problems";

/** Everything of a document but its graph, which is read node by node so that one bad node hides no other. */
const DocumentShell = Type.Object(
  {
    format: Type.Literal(WORKFLOW_FORMAT),
    name: Type.String({ minLength: 1, maxLength: 200, pattern: "\\S" }),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    tags: Type.Optional(Tags),
    env: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    strictInput: Type.Optional(Type.Boolean()),
    concurrency: Type.Optional(Concurrency),
    nodes: Type.Array(Type.Unknown()),
    edges: Type.Array(Type.Unknown()),
    layout: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }))),
    flow: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);

/** True where the document has nodes and edges to read, faults elsewhere notwithstanding. */
export function checkDocument(document: unknown, problems: Problems): document is WorkflowDocument {
  if (!isJsonObject(document)) {
    problems.add("invalid_value", "", say`a workflow document is an object`);
    return false;
  }
  checkSchema(DocumentShell, document, "", problems);
  return Array.isArray(document["nodes"]) && Array.isArray(document["edges"]);
}
