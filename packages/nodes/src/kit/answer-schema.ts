import { compileAnswer, type JsonObject, say } from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";

/** Of a config that wants a text and says what JSON it is to be. */
export const TEXT_WITH_SCHEMA: SaidProblem = {
  code: "unused_member",
  level: "error",
  path: "/schema",
  message: say`a text has no schema; write output: json, or leave output out`,
};

/** The problems of a config member that is the JSON Schema of an answer. `path` is relative to the node. */
export function checkAnswerSchema(schema: JsonObject, path: string): readonly SaidProblem[] {
  const compiled = compileAnswer(schema);
  if (compiled.ok) return [];
  return compiled.problems.map(({ path: below, code, said }) => ({ code, level: "error", path: path + below, message: said }));
}
