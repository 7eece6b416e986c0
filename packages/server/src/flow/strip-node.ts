import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { listOf, objectOf, textOf } from "#flow/json";
import type { ImportOptions } from "#flow/options";
import { type FlowProblems, quote } from "#flow/problems";
import { stripAuthentication, stripPlugin } from "#flow/strip";

interface Stripper {
  readonly at: string;
  readonly nodeId: string;
  readonly options: ImportOptions;
  readonly problems: FlowProblems;
}

/** A node as it is kept: without credentials, and without ids that mean nothing on this server. */
export function stripNode(raw: JsonObject, stripper: Stripper): JsonObject {
  const { options } = stripper;
  switch (raw["type"]) {
    case "HTTP":
      return withParam(raw, "httpParam", stripper, stripHttp);
    case "LLM":
      return withParam(raw, "llmParam", stripper, stripPlugins);
    case "DATASET":
      return withParam(raw, "datasetParam", stripper, (param, at) =>
        keepKnown(param, "dataGroupIds", options.dataGroupKnown, { ...stripper, at }),
      );
    case "DATABASE":
      return withParam(raw, "databaseParam", stripper, (param, at) => {
        const databases = keepKnown(param, "databaseIds", options.databaseKnown, { ...stripper, at });
        return keepKnown(databases, "databaseTableIds", options.databaseTableKnown, { ...stripper, at });
      });
    default:
      return raw;
  }
}

type StripParam = (param: JsonObject, at: string, stripper: Stripper) => JsonObject;

function withParam(raw: JsonObject, name: string, stripper: Stripper, strip: StripParam): JsonObject {
  const param = raw[name];
  return param !== undefined && isJsonObject(param) ? { ...raw, [name]: strip(param, `${stripper.at}.${name}`, stripper) } : raw;
}

function stripHttp(param: JsonObject, at: string, { problems, nodeId }: Stripper): JsonObject {
  const outer = stripAuthentication(param, at, problems, nodeId);
  const request = outer["request"];
  if (request === undefined || !isJsonObject(request)) return outer;
  return { ...outer, request: stripAuthentication(request, `${at}.request`, problems, nodeId) };
}

function stripPlugins(param: JsonObject, at: string, { options, problems, nodeId }: Stripper): JsonObject {
  if (!Array.isArray(param["plugins"])) return param;
  const plugins: Json[] = [];
  for (const [index, plugin] of listOf(param["plugins"]).entries()) {
    const pluginAt = `${at}.plugins[${index}]`;
    const id = textOf(objectOf(plugin)["pluginId"]);
    if (options.pluginKnown?.(id) === false) {
      const message = `The plugin ${quote(id)} was removed, for there are no tools of its name on this server: import them, then the file again.`;
      problems.add("MR_STRIPPED", pluginAt, message, nodeId);
    } else {
      plugins.push(isJsonObject(plugin) ? stripPlugin(plugin, pluginAt, problems) : plugin);
    }
  }
  return { ...param, plugins };
}

function keepKnown(
  param: JsonObject,
  member: string,
  known: ((id: string) => boolean) | undefined,
  { at, problems, nodeId }: Stripper,
): JsonObject {
  if (known === undefined || !Array.isArray(param[member])) return param;
  const kept = listOf(param[member]).filter((value, index) => {
    const id = textOf(value);
    if (known(id)) return true;
    problems.add("MR_STRIPPED", `${at}.${member}[${index}]`, `${quote(id)} is unknown on this server and was removed.`, nodeId);
    return false;
  });
  return { ...param, [member]: kept };
}
