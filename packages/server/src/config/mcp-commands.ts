/** Name -> a program and its arguments. */
export type McpCommands = { readonly [name: string]: readonly string[] };

/** `{"files":["/usr/local/bin/mcp-files","--root","/srv"]}`; null: it is none. */
export function parseMcpCommands(text: string): McpCommands | null {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return Object.entries(value).every(([name, words]) => /^[A-Za-z0-9_-]{1,100}$/.test(name) && isCommand(words))
      ? (value as McpCommands)
      : null;
  } catch {
    return null; // The one thing that the parser throws.
  }
}

function isCommand(words: unknown): boolean {
  return Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string") && words[0] !== "";
}
