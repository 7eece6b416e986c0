import { isJsonObject, type Json, toJsonObject } from "@millrace/contract";
import type { NodeSpec } from "@millrace/engine";

/** Modes whose members a form shows as one field, whatever is inside. */
const WHOLE: ReadonlySet<string | undefined> = new Set(["literal", "graph"]);

/** The config members of a node type, nested ones by dotted path (`request.auth.token`): what a form has a label for. */
export function memberPaths(spec: NodeSpec): readonly string[] {
  const { properties } = toJsonObject(spec.config);
  if (!isJsonObject(properties)) return [];
  const paths = Object.entries(properties).flatMap(([name, schema]) => [
    name,
    ...(WHOLE.has(spec.members[name]) ? [] : pathsIn(schema, name)),
  ]);
  return [...new Set(paths)];
}

/** Members of items, of values by name and of alternatives are members of what holds them. */
function pathsIn(schema: Json | undefined, path: string): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const named = isJsonObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const alternatives = Array.isArray(schema["anyOf"]) ? (schema["anyOf"] as readonly Json[]) : [];
  const values = isJsonObject(schema["patternProperties"]) ? Object.values(schema["patternProperties"]) : [];
  return [
    ...named.flatMap(([name, inner]) => [`${path}.${name}`, ...pathsIn(inner, `${path}.${name}`)]),
    ...[...alternatives, ...values, schema["items"] ?? null].flatMap((inner) => pathsIn(inner, path)),
  ];
}
