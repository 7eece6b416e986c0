import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { isBlank, listOf, omit, record } from "#flow/json";
import { inFileOrder } from "#flow/order";
import type { FlowProblems } from "#flow/problems";

/** Members that hold credentials, as they are spelled in plugins; case and `_` do not count. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  "auth",
  "authentication",
  "authinfo",
  "authorization",
  "apikey",
  "apisecret",
  "token",
  "accesstoken",
  "secret",
  "clientsecret",
  "password",
  "credential",
  "credentials",
]);

/** Members that often carry credentials without saying so. */
const HEADERS: ReadonlySet<string> = new Set(["headers", "header", "queries", "query"]);

/** Members of the file that have their own place in a document, or that are not kept. */
const NOT_KEPT: ReadonlySet<string> = new Set(["workflow", "exportTime"]);

/** The file's members beside the graph, as read but without credentials. */
export function keepFile(root: JsonObject, problems: FlowProblems): JsonObject {
  const members = Object.entries(inFileOrder(omit(root, NOT_KEPT))).map(
    ([name, value]) => [name, keepMember(name, value, problems)] as const,
  );
  return record(members);
}

function keepMember(name: string, value: Json, problems: FlowProblems): Json {
  if (name === "plugins" && Array.isArray(value)) {
    return listOf(value).map((plugin, index) => keepFilePlugin(plugin, `$.plugins[${index}]`, problems));
  }
  if (name !== "apiSecrets" || isEmpty(value)) return value;
  problems.add("SEC_API", "$.apiSecrets", "The file holds API secrets; they are not imported.");
  problems.add("MR_STRIPPED", "$.apiSecrets", "API secrets were removed: set them on this server.");
  return cleared(value);
}

function keepFilePlugin(plugin: Json, at: string, problems: FlowProblems): Json {
  if (!isJsonObject(plugin)) return plugin;
  for (const [name, value] of Object.entries(plugin)) {
    if (isIn(CREDENTIALS, name) && !isEmpty(value))
      problems.add("SEC_PLUGIN", `${at}.${name}`, "The plugin carries credentials; they are not imported.");
  }
  if (Object.entries(plugin).some(([name, value]) => isIn(HEADERS, name) && !isEmpty(value))) {
    problems.add("SEC_PLUGIN_HDR", at, "The plugin carries headers or query parameters; they are not imported.");
  }
  return stripPlugin(plugin, at, problems);
}

/** A plugin without its credentials, headers and query parameters; each removal is a warning. */
export function stripPlugin(plugin: JsonObject, at: string, problems: FlowProblems): JsonObject {
  return record(
    Object.entries(plugin).map(([name, value]) => {
      if (!(isIn(CREDENTIALS, name) || isIn(HEADERS, name)) || isEmpty(value)) return [name, value];
      problems.add("MR_STRIPPED", `${at}.${name}`, `The plugin's ${name} was removed: set it on this server.`);
      return [name, cleared(value)];
    }),
  );
}

/** `authentication` of an HTTP node (of its request or beside it) becomes `{}`; the place is kept. */
export function stripAuthentication(holder: JsonObject, at: string, problems: FlowProblems, nodeId: string): JsonObject {
  const value = holder["authentication"];
  if (value === undefined || isEmpty(value)) return holder;
  problems.add("MR_STRIPPED", `${at}.authentication`, "The request's credentials were removed: set them on this server.", nodeId);
  return { ...holder, authentication: {} };
}

function isIn(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name.toLowerCase().replaceAll("_", ""));
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) ? Object.keys(value).length === 0 : isBlank(value);
}

/** Nothing, in the shape of what was there. */
function cleared(value: Json): Json {
  if (Array.isArray(value)) return [];
  return isJsonObject(value) ? {} : "";
}
