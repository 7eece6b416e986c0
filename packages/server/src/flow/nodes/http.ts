import type { Json, JsonObject } from "@millrace/contract";
import { escapeText } from "#flow/expression";
import { isBlank, objectOf, record, textOf } from "#flow/json";
import { DEFAULT_HTTP_TIMEOUT_MS, MAX_HTTP_TIMEOUT_MS } from "#flow/limits";
import { readBody } from "#flow/nodes/http-body";
import { type Entry, readEntries } from "#flow/nodes/http-entries";
import { httpOutputs, readsStatus, responseMember } from "#flow/nodes/http-outputs";
import { templateUrl } from "#flow/nodes/http-url";
import type { Translated } from "#flow/nodes/translated";
import type { ValueReader } from "#flow/values";

export function translateHttp(values: ValueReader): Translated {
  const { node } = values;
  const request = objectOf(node.param["request"]);
  const at = `${node.paramAt}.request`;
  return {
    type: "http",
    config: {
      request: translateRequest(request, at, values),
      ...responseMember(node),
      // A status that the workflow looks at makes every answer data, not a failure.
      ...(readsStatus(node) ? { failOnStatus: false } : {}),
    },
    timeoutMs: timeoutOf(request["timeout"]),
    outputs: httpOutputs(node),
  };
}

function translateRequest(request: JsonObject, at: string, values: ValueReader): JsonObject {
  const headers = readEntries(request["headers"], `${at}.headers`, values);
  const query = readEntries(request["params"], `${at}.params`, values);
  const declaredType = headers.find(({ name }) => name.toLowerCase() === "content-type")?.value;
  const body = readBody(request["body"], `${at}.body`, typeof declaredType === "string" ? declaredType : null, values);
  const added = body?.contentType !== undefined && declaredType === undefined ? [{ name: "Content-Type", value: body.contentType }] : [];
  const allHeaders = headerMember([...headers, ...added]);
  return {
    method: isBlank(request["method"]) ? "GET" : escapeText(textOf(request["method"]).trim().toUpperCase()),
    url: templateUrl(textOf(request["url"]), `${at}.url`, values),
    ...(query.length > 0 ? { query: queryMember(query) } : {}),
    ...(headers.length + added.length > 0 ? { headers: allHeaders } : {}),
    ...(body === null ? {} : { body: body.member }),
  };
}

/** A header that is given twice is one with both values, as HTTP reads it. */
function headerMember(entries: readonly Entry[]): Json {
  return record(
    [...groupByName(entries, true)].map(([name, values]) => [
      name,
      values.length === 1 ? (values[0] ?? "") : values.map(textOf).join(", "),
    ]),
  );
}

/** A parameter that is given twice is a list. */
function queryMember(entries: readonly Entry[]): Json {
  return record([...groupByName(entries, false)].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]));
}

function groupByName(entries: readonly Entry[], ignoreCase: boolean): ReadonlyMap<string, readonly Json[]> {
  const groups = new Map<string, Json[]>();
  const spelling = new Map<string, string>();
  for (const { name, value } of entries) {
    const key = ignoreCase ? name.toLowerCase() : name;
    const first = spelling.get(key) ?? name;
    spelling.set(key, first);
    const known = groups.get(first);
    if (known) known.push(value);
    else groups.set(first, [value]);
  }
  return groups;
}

function timeoutOf(value: Json | undefined): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !(number > 0)) return DEFAULT_HTTP_TIMEOUT_MS;
  return Math.max(1, Math.min(MAX_HTTP_TIMEOUT_MS, Math.round(number)));
}
