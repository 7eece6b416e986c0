import type { Wording } from "#fault";
import { isJsonObject, type Json } from "#json";

/** How messages name what a schema expects: its types, or `file<doc>`. */
export function expectedWord(schema: Json | undefined): Wording {
  if (!isJsonObject(schema)) return "value";
  const kind = schema["x-file"];
  if (typeof kind === "string") return `file<${kind}>`;
  const type = schema["type"];
  if (typeof type === "string") return type;
  return Array.isArray(type) ? type.join(" | ") : "value";
}
