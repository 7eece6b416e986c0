import { type JsonObject, say } from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";

/** The problem of a value that has none, or more than one, of members that exclude each other. `path` is relative to the node. */
export function exactlyOne(value: JsonObject, members: readonly string[], path: string): readonly SaidProblem[] {
  const present = members.filter((member) => value[member] !== undefined);
  if (present.length === 1) return [];
  const found = present.length === 0 ? say`none of them is here` : say`found ${present.join(" and ")}`;
  return [{ code: "exactly_one", level: "error", path, message: say`exactly one of ${members.join(", ")} is needed; ${found}` }];
}
