import { readFileSync } from "node:fs";
import { isJsonObject, type JsonObject, toJsonObject } from "../../packages/contract/src/json.ts";
import { NODE_TYPES, NodeEnvelope, WORKFLOW_FORMAT } from "../../packages/contract/src/workflow.ts";
import { workflowSchema } from "../../packages/contract/src/workflow-schema.ts";
import type { NodeSpec } from "../../packages/engine/src/node-spec.ts";
import { typeName } from "../../packages/engine/src/value/types.ts";
import { nodeSpecs } from "../../packages/nodes/src/specs.ts";
import { code, GENERATED, table } from "./markdown.ts";
import { type SchemaRow, schemaRows } from "./schema-rows.ts";

/** What a form and an editor say of a node type, in English. */
interface Texts {
  readonly summary: string;
  readonly members: { readonly [path: string]: { readonly help: string } };
}

/** Modes of members that are one value, whatever is inside. */
const WHOLE: ReadonlySet<string | undefined> = new Set(["literal", "graph"]);

/** docs/workflow-format.md: the document, what every node may say, and each node type, from their schemas. */
export function formatPage(): string {
  return `${[
    "# The workflow format",
    GENERATED,
    INTRODUCTION,
    EXAMPLE,
    "## The document",
    memberTable(schemaRows(documentSchema(), isGraph)),
    "## Edges",
    EDGES,
    "## Members of every node",
    "Beside these a node has the members of its type. What they do: [what every node may say of how it runs](node-envelope.md).",
    memberTable(schemaRows(toJsonObject(NodeEnvelope))),
    "## Node types",
    nodeList(),
    ...specs().map(nodeSection),
  ].join("\n\n")}\n`;
}

const INTRODUCTION = `A workflow is a document of the format \`${WORKFLOW_FORMAT}\`, in a file of \`flows/\`, YAML or JSON, one a file. Texts of it may hold [expressions](expressions.md).
\`millrace validate\` checks it, \`millrace fmt\` puts it into [canonical form](files.md#canonical-form). Editors complete it by its JSON Schema, which is in the package:

\`\`\`yaml no-run
# yaml-language-server: $schema=../node_modules/millrace/dist/schemas/workflow.json
format: ${WORKFLOW_FORMAT}
\`\`\``;

const EXAMPLE = `\`\`\`yaml
format: ${WORKFLOW_FORMAT}
name: priceOfOrder
env: { TAX: 1.1 }
nodes:
  - id: start
    type: start
    input:
      type: object
      properties: { prices: { type: array, items: { type: number } } }
      required: [prices]
  - id: large
    type: condition
    cases: [{ port: yes, when: "{{ start.prices.sum() > 100 }}" }]
  - id: discount
    type: template
    text: "A discount of 5 % was taken off."
  - id: end
    type: end
    output:
      total: "{{ (start.prices.sum() * env.TAX * (discount.text == null ? 1 : 0.95)).round(2) }}"
      note: "{{ discount.text }}"
edges:
  - start -> large
  - large.yes -> discount
  - discount -> end
  - large.else -> end
layout: { start: [0, 0], large: [240, 0], discount: [480, 80], end: [720, 0] }
\`\`\``;

const EDGES = `An edge is \`from -> to\`, or \`from.port -> to\` where it leaves another port than \`out\`; the long form is \`{ from, port, to }\`. A node runs once all edges that
lead to it are settled and at least one of them was taken; where none was, it is skipped, and its fields read as null. There are no cycles:
what is repeated stands in the \`body\` of a [loop](#loop) or [batch](#batch), a graph of its own. Every node has a port \`error\` as well, where its
\`onError\` is \`{ do: branch }\`.`;

function specs(): readonly NodeSpec[] {
  return NODE_TYPES.flatMap((type) => nodeSpecs.get(type) ?? []);
}

function documentSchema(): JsonObject {
  const { type, properties, required } = workflowSchema({});
  return { type: type ?? "object", properties: properties ?? {}, required: required ?? [] };
}

function isGraph(path: string): boolean {
  return path === "nodes" || path === "edges" || path === "layout";
}

function memberTable(rows: readonly SchemaRow[], helpOf: (path: string) => string | undefined = () => undefined): string {
  return table(
    ["Member", "Type", "Default", ""],
    rows.map(({ path, required, type, fallback, description }) => [
      `${code(path)}${required && !path.includes(".") ? " (needed)" : ""}`,
      type,
      fallback === undefined ? "" : code(JSON.stringify(fallback)),
      description ?? helpOf(path) ?? "",
    ]),
  );
}

function nodeList(): string {
  return table(
    ["Type", ""],
    specs().map(({ type }) => [`[${type}](#${type})`, textsOf(type).summary]),
  );
}

function nodeSection(spec: NodeSpec): string {
  const { type } = spec;
  const { summary, members } = textsOf(type);
  const rows = schemaRows(toJsonObject(spec.config), (path) => !path.includes(".") && WHOLE.has(spec.members[path]));
  return [
    `### ${type}`,
    `${summary} [Its page](../packages/nodes/src/${type}/README.md) has errors and an example.`,
    ...(rows.length > 0 ? [memberTable(rows, (path) => members[path]?.help)] : ["It has no members of its own."]),
    facts(spec),
  ].join("\n\n");
}

function facts(spec: NodeSpec): string {
  const least = leastConfig(spec);
  const ports = spec.ports(least);
  const { fields, open } = spec.result(least);
  const names = Object.entries(fields).map(([name, fieldType]) => `${code(name)} (${typeName(fieldType)})`);
  return [
    `- Ports: ${[...ports.map(code), ...(hasPortsOfConfig(spec) ? ["those that its config names"] : [])].join(", ") || "none"}`,
    `- Result: ${[...names, ...(open ? ["what its config says"] : [])].join(", ") || "no fields"}`,
    ...(spec.retry ? [`- Without a \`retry\` of its own: \`${JSON.stringify(spec.retry)}\``] : []),
  ].join("\n");
}

/** The lists that it needs, empty: what it has whatever they hold. */
function leastConfig({ config }: NodeSpec): JsonObject {
  const { properties, required } = toJsonObject(config);
  const members = isJsonObject(properties) ? Object.entries(properties) : [];
  const lists = members.filter(
    ([name, schema]) => isJsonObject(schema) && schema["type"] === "array" && JSON.stringify(required)?.includes(name),
  );
  return Object.fromEntries(lists.map(([name]) => [name, []]));
}

/** Do its ports follow from what stands in it? */
function hasPortsOfConfig({ config }: NodeSpec): boolean {
  const text = JSON.stringify(toJsonObject(config));
  return /"port"|"intents"|"actions"/.test(text);
}

function textsOf(type: string): Texts {
  const texts: unknown = JSON.parse(readFileSync(new URL(`../../packages/nodes/src/${type}/locales/en.json`, import.meta.url), "utf8"));
  if (!isJsonObject(texts as JsonObject)) throw new Error(`the texts of ${type} are no object`);
  return texts as Texts;
}
