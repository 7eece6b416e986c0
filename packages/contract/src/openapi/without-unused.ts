import { isJsonObject, type Json, type JsonObject } from "#json";

const COMPONENT = /^#\/components\/([^/]+)\/([^/]+)$/;

/** The document with those components alone that its paths lead to. */
export function withoutUnused(document: JsonObject): JsonObject {
  const components = objectAt(document, "components");
  const used = new Set<string>();
  const follow = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(follow);
    else if (isJsonObject(value)) for (const [key, inner] of Object.entries(value)) visit(key, inner);
  };
  const visit = (key: string, value: Json): void => {
    if (key !== "$ref" || typeof value !== "string") follow(value);
    else if (!used.has(value)) {
      const [, part = "", name = ""] = COMPONENT.exec(value) ?? [];
      used.add(value);
      follow(objectAt(components, part)[name] ?? null);
    }
  };
  follow(document["paths"] ?? null);
  return { ...document, components: Object.fromEntries(Object.entries(components).map(([part, all]) => [part, keep(part, all, used)])) };
}

function keep(part: string, all: Json, used: ReadonlySet<string>): Json {
  if (part === "securitySchemes" || !isJsonObject(all)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => used.has(`#/components/${part}/${name}`)));
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}
