import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { type Built, builtParam, sourcedText } from "#flow/export/built";
import type { Sayer } from "#flow/export/say";
import { objectOf } from "#flow/json";
import { DEFAULT_HTTP_TIMEOUT_MS, MAX_HTTP_TIMEOUT_MS } from "#flow/limits";

export function buildHttp(sayer: Sayer): Built {
  const { request: value, timeoutMs } = sayer.node.raw;
  const { url, method, query, headers, body } = objectOf(value);
  const isTimeout = typeof timeoutMs === "number" && timeoutMs <= MAX_HTTP_TIMEOUT_MS;
  const request = {
    url: sayer.template(url, "request", "url"),
    method: method ?? "GET",
    headers: entries(headers, sayer, "headers"),
    params: entries(query, sayer, "query"),
    ...builtParam({
      body: body === undefined ? undefined : buildBody(objectOf(body), sayer),
      timeout: isTimeout && timeoutMs !== DEFAULT_HTTP_TIMEOUT_MS ? timeoutMs : undefined,
    }),
  };
  return {
    type: "HTTP",
    param: { request, authentication: {} },
    own: builtParam({ timeoutMs: isTimeout || timeoutMs === undefined ? undefined : timeoutMs }),
  };
}

/** Headers, query parameters or form fields; a list is the name once for each of its elements. */
function entries(value: Json | undefined, sayer: Sayer, ...at: readonly string[]): readonly JsonObject[] {
  return Object.entries(objectOf(value)).flatMap(([name, item]) => {
    const items: readonly Json[] = Array.isArray(item) ? item : [item];
    return items.map((one): JsonObject => {
      const text = sourcedText(one, sayer, "request", ...at, name);
      return isJsonObject(text) ? { name, ...text } : { name, value: text };
    });
  });
}

function buildBody(body: JsonObject, sayer: Sayer): Json {
  const { json, form, text } = body;
  if (form !== undefined) return { type: "FORM", value: entries(form, sayer, "body", "form") };
  if (text !== undefined) return { type: "TEXT", value: sayer.template(text, "request", "body", "text") };
  if (json !== undefined) return { type: "JSON", value: jsonTemplates(json, sayer, ["request", "body", "json"]) };
  sayer.refuse("a body of .flow is json, form or text", "request", "body");
  return { type: "NONE", value: "" };
}

function jsonTemplates(value: Json, sayer: Sayer, at: readonly (string | number)[]): Json {
  if (typeof value === "string") return sayer.template(value, ...at);
  if (value === null || typeof value !== "object") return value;
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonTemplates(item, sayer, [...at, name])]));
  return (value as readonly Json[]).map((item, index) => jsonTemplates(item, sayer, [...at, index]));
}
