import type { Path } from "#pages/editor/fields/form-context.tsx";

/** Things of the server that a field calls by their names. */
export type NamedKind = "model" | "connection" | "workflow" | "base";

/** What the text at a place of a node's form is a name of; null: of nothing. */
export function namedKind(type: string, path: Path): NamedKind | null {
  const [first] = path;
  switch (path.at(-1)) {
    case "model":
    case "backup":
      return "model";
    case "connection":
      return "connection";
    case "workflow":
      return type === "workflow" || first === "tools" ? "workflow" : null;
    default:
      return type === "knowledge" && first === "collections" && path.length === 2 ? "base" : null;
  }
}

/** Connections that run SQL. */
const DATABASES: ReadonlySet<string> = new Set(["sqlite", "postgres", "mysql"]);
const SERVERS_OF_TOOLS: ReadonlySet<string> = new Set(["mcp", "mcp-stdio"]);

/** May a node of the type use a connection of this provider? */
export function fits(type: string, provider: string): boolean {
  if (type === "database") return DATABASES.has(provider);
  if (type === "agent") return SERVERS_OF_TOOLS.has(provider);
  return !DATABASES.has(provider) && !SERVERS_OF_TOOLS.has(provider);
}

/** Can a model do what a node of the type asks of it, as far as that is known? */
export function serves(type: string, capabilities: readonly string[]): boolean {
  const wanted = type === "audio" ? ["speech", "transcription"] : ["chat"];
  return capabilities.length === 0 || wanted.some((one) => capabilities.includes(one));
}
