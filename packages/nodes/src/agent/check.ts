import { isJsonObject, type Json, type JsonObject, type Said, say } from "@millrace/contract";
import type { ConnectionUse, SaidProblem, ToolsUse } from "@millrace/engine";
import { type Config, type ToolEntry, takesBody } from "#agent/config";
import { placedIn, placeholdersOf } from "#agent/placeholders";
import { checkAnswerSchema, TEXT_WITH_SCHEMA } from "#kit/answer-schema";
import { exactlyOne } from "#kit/exactly-one";
import { namedModels } from "#kit/model-name";
import { checkParameters, checkToolNames } from "#kit/model-tool";
import { namedTools } from "#kit/tool-name";

/** Of the models, and of the requests that tools make. */
export function usedConnections(config: JsonObject): readonly ConnectionUse[] {
  const ofTools = entriesOf(config).flatMap(({ http }, index): ConnectionUse[] => {
    const name = isJsonObject(http ?? null) ? (http as JsonObject)["connection"] : undefined;
    return typeof name === "string" ? [{ name, at: ["tools", String(index), "http", "connection"] }] : [];
  });
  return [...namedModels(config), ...ofTools];
}

/** Of the tools that the server has a list of. */
export function usedTools(config: JsonObject): readonly ToolsUse[] {
  return entriesOf(config).flatMap((entry, index) =>
    namedTools(entry).map(({ collection, at }) => ({ collection, at: ["tools", String(index), ...at] })),
  );
}

/** Of a config whose shape nobody has checked yet. */
function entriesOf({ tools }: JsonObject): readonly JsonObject[] {
  const all: readonly Json[] = Array.isArray(tools) ? tools : [];
  return all.map((entry) => (isJsonObject(entry) ? entry : {}));
}

export function checkAgent(config: JsonObject): readonly SaidProblem[] {
  const { prompt, messages, output, schema, tools = [] } = config as unknown as Config;
  const problems: SaidProblem[] = schema ? [...checkAnswerSchema(schema, "/schema")] : [];
  if (prompt === undefined && messages === undefined) problems.push(required("/prompt", say`prompt is required, or messages`));
  if (schema && output === "text") problems.push(TEXT_WITH_SCHEMA);
  return [...problems, ...tools.flatMap(checkTool), ...checkToolNames(tools)];
}

function checkTool(tool: ToolEntry, index: number): readonly SaidProblem[] {
  const at = `/tools/${index}`;
  const kind = exactlyOne(tool as unknown as JsonObject, ["http", "tool", "workflow", "knowledge"], at);
  if (kind.length > 0) return kind;
  const { owner, lacks } = lackingOf(tool);
  const unused = lacks
    .filter((member) => tool[member] !== undefined)
    .map((member) => problem("unused_member", `${at}/${member}`, say`a tool with ${owner} has no ${member}`));
  return [...unused, ...(tool.http ? checkRequest(tool, tool.http, at) : [])];
}

function lackingOf({ http, tool, workflow }: ToolEntry): { readonly owner: Said | string; readonly lacks: readonly (keyof ToolEntry)[] } {
  if (http) return { owner: "http", lacks: ["version", "topK"] };
  if (workflow !== undefined) return { owner: "workflow", lacks: ["parameters", "topK"] };
  if (tool === undefined) return { owner: "knowledge", lacks: ["parameters", "version"] };
  const lacks = ["parameters", "version", "topK"] as const;
  return isOneTool(tool) ? { owner: "tool", lacks } : { owner: say`a whole collection`, lacks: [...lacks, "name", "description"] };
}

function isOneTool(tool: string): boolean {
  return tool.includes("/") && !tool.endsWith("/*");
}

function checkRequest(tool: ToolEntry, http: NonNullable<ToolEntry["http"]>, at: string): readonly SaidProblem[] {
  const missing = (["name", "description"] as const)
    .filter((member) => tool[member] === undefined)
    .map((member) => required(`${at}/${member}`, say`${member} is required: the model reads it`));
  const { parameters = {} } = tool;
  const problems = tool.parameters ? checkParameters(parameters, `${at}/parameters`) : [];
  if (tool.parameters && parameters["type"] !== "object") return [...missing, ...problems];
  const { properties = {} } = parameters;
  const known = new Set(isJsonObject(properties) ? Object.keys(properties) : []);
  const unknown = placeholdersOf(http.url)
    .filter((name) => !known.has(name))
    .map((name) => problem("unknown_parameter", `${at}/http/url`, say`{${name}} is none of the parameters`));
  return [...missing, ...problems, ...unknown, ...checkPlaces(http, known, at)];
}

/** Without a body of its own the request takes what stands nowhere else. */
function checkPlaces(http: NonNullable<ToolEntry["http"]>, known: ReadonlySet<string>, at: string): readonly SaidProblem[] {
  if (http.body !== undefined && !takesBody(http))
    return [problem("unused_member", `${at}/http/body`, say`a ${http.method ?? "GET"} request has no body`)];
  if (http.body === undefined) return [];
  const placed = placedIn([http.url, http.query ?? null, http.headers ?? null, http.body], known);
  return [...known]
    .filter((name) => !placed.has(name))
    .map((name) =>
      problem("unused_parameter", `${at}/http/body`, say`the parameter ${name} stands nowhere in the request: write {${name}}`),
    );
}

function required(path: string, message: Said): SaidProblem {
  return problem("required", path, message);
}

function problem(code: string, path: string, message: Said): SaidProblem {
  return { code, level: "error", path, message };
}
