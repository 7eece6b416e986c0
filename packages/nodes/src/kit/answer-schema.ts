import { compileAnswer, type JsonObject } from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";

/** The problems of a config member that is the JSON Schema of an answer. `path` is relative to the node. */
export function checkAnswerSchema(schema: JsonObject, path: string): readonly SaidProblem[] {
  const compiled = compileAnswer(schema);
  if (compiled.ok) return [];
  return compiled.problems.map(({ path: below, code, said }) => ({ code, level: "error", path: path + below, message: said }));
}
