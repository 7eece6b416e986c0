import { isJsonObject, type JsonObject } from "@millrace/contract";
import { parseDocument } from "yaml";
import { MAX_DOCUMENT_DEPTH, MAX_JSON_CHARACTERS, MAX_YAML_ALIASES, MAX_YAML_CHARACTERS } from "#tools/limits";
import { Unusable } from "#tools/openapi/unusable";

/** An OpenAPI document of version 3.0 or 3.1, from JSON or YAML. Nothing that it names is fetched. @throws Unusable */
export function readDocument(text: string): JsonObject {
  const document = parse(text.replace(/^\ufeff/, ""));
  if (!isJsonObject(document)) throw new Unusable("it is no object");
  if (isDeeper(document, MAX_DOCUMENT_DEPTH)) throw new Unusable(`it is nested deeper than ${MAX_DOCUMENT_DEPTH} levels`);
  const version = document["openapi"];
  if (typeof version !== "string" || !/^3\.[01]\.\d+/.test(version))
    throw new Unusable(
      document["swagger"] === undefined ? "it has no openapi: 3.0.x or 3.1.x" : "it is of version 2; convert it to OpenAPI 3 first",
    );
  if (!isJsonObject(document["paths"])) throw new Unusable("it has no paths");
  return document;
}

function parse(text: string): unknown {
  if (text.length > MAX_JSON_CHARACTERS) throw new Unusable(`it has more than ${MAX_JSON_CHARACTERS} characters`);
  if (text.trimStart().startsWith("{")) return parseJson(text);
  if (text.length > MAX_YAML_CHARACTERS)
    throw new Unusable(`as YAML it has more than ${MAX_YAML_CHARACTERS} characters; as JSON it may have ${MAX_JSON_CHARACTERS}`);
  return parseYaml(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unusable(`it is no JSON: ${(error as Error).message}`);
  }
}

function parseYaml(text: string): unknown {
  // Errors with a picture of their place, and keys compared with each other, take a time that grows with the square of the text.
  const parsed = parseDocument(text, { version: "1.2", schema: "core", merge: false, prettyErrors: false, uniqueKeys: false });
  const [error] = parsed.errors;
  if (error) throw new Unusable(`it is no YAML: ${error.message}`);
  try {
    // Through JSON: dates and whatever else YAML can say become what JSON can hold.
    return JSON.parse(JSON.stringify(parsed.toJS({ maxAliasCount: MAX_YAML_ALIASES, mapAsMap: false }) ?? null));
  } catch (error) {
    throw new Unusable(`it cannot be read: ${(error as Error).message}`);
  }
}

/** Level by level and not by recursion: what has just been parsed may be deeper than the stack. */
function isDeeper(value: JsonObject, most: number): boolean {
  let level: readonly object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((one) => Object.values(one)).filter((one): one is object => typeof one === "object" && one !== null);
  }
  return false;
}
