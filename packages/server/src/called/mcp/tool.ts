import { FileInputObject, type JsonObject, toJsonObject, withFileInputs } from "@millrace/contract";
import type { Callable } from "#called/callables";

/** What every client of the protocol takes as the name of a tool. */
const SAFE = /^[A-Za-z0-9_-]{1,64}$/;

/** A name that ends like this is one that was made here. */
const ENDS_IN_ID = /_([0-9a-f]{24})$/;

const MOST_OF_NAME = 39;

/** Answers with a run that was started before. */
export const GET_RUN = "millrace_get_run";

/**
 * The workflow's own name where it is safe, else what is left of it with the workflow's id. It follows from the workflow alone, and no two
 * workflows have the same: what other workflows there are changes nothing.
 */
export function toolName({ id, name }: Pick<Callable, "id" | "name">): string {
  if (SAFE.test(name) && !ENDS_IN_ID.test(name) && name !== GET_RUN) return name;
  const rest = name
    .replaceAll(/[^A-Za-z0-9_-]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .slice(0, MOST_OF_NAME);
  return `${rest || "workflow"}_${id}`;
}

/** By what the workflow of a tool can be looked up; its own tool name says whether it is the one that was meant. */
export function workflowOfTool(name: string): string {
  return ENDS_IN_ID.exec(name)?.[1] ?? name;
}

/** An entry of tools/list. */
export function presentTool(callable: Callable): JsonObject {
  const { name, version } = callable;
  return {
    name: toolName(callable),
    title: name,
    description: version.description ?? `Runs the workflow ${name}.`,
    inputSchema: asInput(version.input),
    outputSchema: version.output,
  };
}

const FILE = toJsonObject(FileInputObject);

/** Clients take objects as the schemas of properties, where JSON Schema has booleans too. */
function asInput(schema: JsonObject): JsonObject {
  const plain = withFileInputs(schema, FILE) as JsonObject;
  const properties = Object.entries((plain["properties"] ?? {}) as JsonObject);
  return { ...plain, properties: Object.fromEntries(properties.map(([name, one]) => [name, asObject(one)])) };
}

function asObject(schema: JsonObject[string]): JsonObject {
  if (schema === false) return { not: {} };
  return schema === true ? {} : (schema as JsonObject);
}

export const GET_RUN_TOOL: JsonObject = {
  name: GET_RUN,
  title: "Read a run",
  description: "Waits for a run that was started by another tool and answers with its output; for calls that were not answered in time.",
  inputSchema: { type: "object", properties: { workflowRunId: { type: "string" } }, required: ["workflowRunId"] },
};
