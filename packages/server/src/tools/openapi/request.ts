import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { TerminalError, textOf } from "@millrace/engine";
import { BODY, type Operation, type Parameter } from "#tools/openapi/operation";

export interface OperationRequest {
  readonly method: Operation["method"];
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** Methods whose repetition may do something twice. */
const EFFECTFUL: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** The request of a call whose input fits the operation's schema. TerminalError `type_error` for a value that has no place in a path. */
export function requestOf(operation: Operation, baseUrl: string, input: JsonObject, idempotencyKey: string): OperationRequest {
  const { method, path, parameters, body } = operation;
  const given = (place: Parameter["in"]) =>
    parameters.flatMap((parameter) => {
      const value = Object.hasOwn(input, parameter.name) ? (input[parameter.name] ?? null) : null;
      return parameter.in !== place || value === null ? [] : [{ parameter, value }];
    });
  const segments = new Map(given("path").map(({ parameter, value }) => [parameter.as, segmentOf(parameter, value)]));
  const written = path.replace(/\{([^{}]*)\}/g, (_, name: string) => segments.get(name) ?? missing(name));
  const query = given("query").flatMap(({ parameter, value }) => pairsOf(parameter, value));
  const content = Object.hasOwn(input, BODY) ? input[BODY] : undefined;
  const sendsBody = body !== null && content !== undefined;
  return {
    method,
    url:
      baseUrl +
      written +
      (query.length > 0 ? `?${new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]))}` : ""),
    headers: [
      ["Accept", "application/json, */*;q=0.5"],
      ...given("header").map(({ parameter, value }) => [parameter.as, delimited(value, ",")] as const),
      ...(sendsBody ? ([["Content-Type", body.contentType]] as const) : []),
      ...(EFFECTFUL.has(method) ? ([["Idempotency-Key", idempotencyKey]] as const) : []),
    ],
    ...(sendsBody && { body: bodyOf(body.as, content) }),
  };
}

function missing(name: string): never {
  throw new TerminalError("type_error", `input.${name} is needed: it is part of the path.`);
}

/** One segment: whatever the value is, it stays inside of it. */
function segmentOf({ name }: Parameter, value: Json): string {
  const text = delimited(value, ",");
  if (text === "" || text === "." || text === "..")
    throw new TerminalError("type_error", `input.${name} is part of the path, and cannot be ${JSON.stringify(text)}.`);
  return encodeURIComponent(text);
}

function pairsOf({ as, style }: Parameter, value: Json): readonly (readonly [string, string])[] {
  if (style === "json") return [[as, JSON.stringify(value)]];
  if (style === "deep" && isJsonObject(value)) return Object.entries(value).map(([key, inner]) => [`${as}[${key}]`, textOf(inner)]);
  if (style === "repeat" && Array.isArray(value)) return value.map((one) => [as, textOf(one)]);
  if (style === "repeat" && isJsonObject(value)) return Object.entries(value).map(([key, inner]) => [key, textOf(inner)]);
  return [[as, delimited(value, style === "space" ? " " : style === "pipe" ? "|" : ",")]];
}

function delimited(value: Json, delimiter: string): string {
  if (Array.isArray(value)) return value.map((one) => textOf(one)).join(delimiter);
  if (isJsonObject(value))
    return Object.entries(value)
      .flatMap(([key, inner]) => [key, textOf(inner)])
      .join(delimiter);
  return textOf(value);
}

function bodyOf(as: "json" | "form" | "text", content: Json): string {
  if (as === "json") return JSON.stringify(content);
  if (as === "text") return textOf(content);
  const members = isJsonObject(content) ? Object.entries(content) : [];
  const pairs = members.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).filter((one) => one !== null).map((one): [string, string] => [name, textOf(one)]),
  );
  return String(new URLSearchParams(pairs));
}
