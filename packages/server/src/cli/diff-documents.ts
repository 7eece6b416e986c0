import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "@millrace/contract";

/** Members that change nothing when the workflow runs. */
const IGNORED: ReadonlySet<string> = new Set(["layout"]);

/** What differs between two documents, for people: `summarise › prompt`, `+ check`, `edges`. Empty: they run alike. */
export function diffDocuments(before: JsonObject, after: JsonObject): string[] {
  return [...changedMembers(before, after, new Set(["nodes", ...IGNORED])), ...diffNodes(before["nodes"], after["nodes"])];
}

function diffNodes(before: unknown, after: unknown): string[] {
  const old = nodesById(before);
  const now = nodesById(after);
  const gone = [...old.keys()].filter((id) => !now.has(id)).map((id) => `- ${id}`);
  const changed = [...now].flatMap(([id, node]) => {
    const previous = old.get(id);
    return previous ? diffNode(id, previous, node) : [`+ ${id}`];
  });
  return [...gone, ...changed];
}

function diffNode(id: string, before: JsonObject, after: JsonObject): string[] {
  const bodies = [before["body"], after["body"]].map((body) => (typeof body === "object" && body !== null ? (body as JsonObject) : {}));
  const [old = {}, now = {}] = bodies;
  return [...changedMembers(before, after, new Set(["id", "body"])), ...diffDocuments(old, now)].map((change) => `${id} › ${change}`);
}

function changedMembers(before: JsonObject, after: JsonObject, except: ReadonlySet<string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !except.has(name) && !isDeepStrictEqual(before[name], after[name]));
}

function nodesById(nodes: unknown): Map<string, JsonObject> {
  const list = Array.isArray(nodes) ? (nodes as JsonObject[]) : [];
  return new Map(list.map((node) => [String(node["id"]), node]));
}
