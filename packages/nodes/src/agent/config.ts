import type { Json, JsonObject } from "@millrace/contract";
import { dynamic } from "@millrace/engine";
import Type from "typebox";
import { DEFAULT_MAX_STEPS, DEFAULT_PASSAGES, LARGEST_MAX_STEPS, MAX_PASSAGES } from "#agent/limits";
import { CONNECTION_NAME } from "#kit/connection";
import { MAX_TOOL_ENTRIES, MODEL_TOOL_NAME } from "#kit/model-tool";
import { answerMembers, type PromptConfig, promptMembers } from "#kit/prompt-members";
import { anyValue, templateText } from "#kit/schema";
import { toolNames } from "#kit/tool-name";

const CLOSED = { additionalProperties: false };

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

const named = (description: string) => Type.Record(Type.String({ minLength: 1 }), anyValue("A value."), { description });

const http = Type.Object(
  {
    connection: Type.Optional(
      Type.String({ pattern: CONNECTION_NAME, maxLength: 100, description: "A connection of the server, whose credential goes with it." }),
    ),
    method: Type.Optional(Type.Enum(METHODS, { default: "GET", description: "The HTTP method." })),
    url: Type.String({ minLength: 1, description: "Absolute; with a connection also a path below its base URL. `{name}`: a parameter." }),
    query: Type.Optional(named("Appended to the URL. A value `{name}` is the parameter itself.")),
    headers: Type.Optional(named("Request headers.")),
    body: Type.Optional(anyValue("Sent as JSON. Absent: the parameters that stand nowhere else.")),
  },
  { ...CLOSED, description: "A request: `{name}` in it is a parameter. What stands nowhere goes into the query, or into the body." },
);

const tool = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: MODEL_TOOL_NAME, description: "What the model calls it. Needed with http." })),
    description: Type.Optional(templateText("What it does and when to use it: the model reads that. Needed with http.")),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "With http: JSON Schema of an object, what the model gives." }),
    ),
    http: Type.Optional(http),
    tool: Type.Optional(toolNames),
    workflow: Type.Optional(Type.String({ minLength: 1, description: "Name or id of a workflow: its input is what the model gives." })),
    version: Type.Optional(Type.String({ minLength: 1, description: "With workflow: a version; absent: the one that is live." })),
    knowledge: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20, description: "Names or ids of knowledge bases to search." }),
    ),
    topK: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_PASSAGES, default: DEFAULT_PASSAGES, description: "With knowledge: passages at most." }),
    ),
  },
  { ...CLOSED, description: "One of http, tool, workflow and knowledge." },
);

export const configSchema = Type.Object(
  {
    ...promptMembers,
    tools: Type.Optional(Type.Array(tool, { maxItems: MAX_TOOL_ENTRIES, description: "What the model may use." })),
    maxSteps: Type.Optional(
      dynamic(
        Type.Integer({ minimum: 1, maximum: LARGEST_MAX_STEPS, default: DEFAULT_MAX_STEPS, description: "Calls of the model at most." }),
      ),
    ),
    maxCredits: Type.Optional(
      dynamic(Type.Number({ exclusiveMinimum: 0, description: "Once it has cost this much, the model is not called again." })),
    ),
    onLimit: Type.Optional(
      Type.Enum(["fail", "answer"], { default: "fail", description: "At a limit: fail, or ask once more for an answer without tools." }),
    ),
    onToolError: Type.Optional(
      Type.Enum(["tell", "fail"], { default: "tell", description: "A tool that fails: tell the model, or fail the node." }),
    ),
    output: Type.Optional(
      Type.Enum(["text", "json"], { default: "text", description: "What the final answer is to be; with a schema it is always json." }),
    ),
    schema: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "JSON Schema of the final answer. An answer that does not fit is repaired once.",
      }),
    ),
    ...answerMembers,
  },
  CLOSED,
);

export type Method = (typeof METHODS)[number];

/** Methods whose parameters go into the query, where they stand nowhere else. */
const BODILESS: ReadonlySet<Method> = new Set<Method>(["GET", "HEAD", "DELETE"]);

export function takesBody({ method = "GET" }: HttpTool): boolean {
  return !BODILESS.has(method);
}

export interface HttpTool {
  readonly connection?: string;
  readonly method?: Method;
  readonly url: string;
  readonly query?: JsonObject;
  readonly headers?: JsonObject;
  readonly body?: Json;
}

/** Exactly one of `http`, `tool`, `workflow` and `knowledge`: the spec's check sees to it. */
export interface ToolEntry {
  readonly name?: string;
  readonly description?: Json;
  readonly parameters?: JsonObject;
  readonly http?: HttpTool;
  readonly tool?: string;
  readonly workflow?: string;
  readonly version?: string;
  readonly knowledge?: readonly string[];
  readonly topK?: number;
}

export interface Config extends PromptConfig {
  readonly tools?: readonly ToolEntry[];
  readonly maxSteps?: number;
  readonly maxCredits?: number;
  readonly onLimit?: "fail" | "answer";
  readonly onToolError?: "tell" | "fail";
  readonly output?: "text" | "json";
  readonly schema?: JsonObject;
}
