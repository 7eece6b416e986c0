import { compileAnswer, type JsonObject, say } from "@millrace/contract";
import { type SaidProblem, TerminalError } from "@millrace/engine";
import { checkAnswerSchema } from "#kit/answer-schema";

/** What providers take for the name of a tool. */
export const MODEL_TOOL_NAME = "^[A-Za-z0-9_-]{1,64}$";

/** Tools that a config may name. */
export const MAX_TOOL_ENTRIES = 64;

/** Problems of the JSON Schema of what a model gives to a tool. `path` is relative to the node. */
export function checkParameters(parameters: JsonObject, path: string): readonly SaidProblem[] {
  if (parameters["type"] === "object") return checkAnswerSchema(parameters, path);
  const message = say`parameters is the schema of an object: write type: object`;
  return [...checkAnswerSchema(parameters, path), { code: "invalid_type", level: "error", path: `${path}/type`, message }];
}

/** Names that stand twice, at the later of the two. */
export function checkToolNames(tools: readonly { readonly name?: string }[]): readonly SaidProblem[] {
  const names = tools.map(({ name }) => name);
  return names.flatMap((name, index): readonly SaidProblem[] =>
    name !== undefined && names.indexOf(name) < index
      ? [{ code: "duplicate_name", level: "error", path: `/tools/${index}/name`, message: say`another tool is called ${name} too` }]
      : [],
  );
}

/** Says what is wrong with what a model gives. @throws TerminalError `type_error` where the schema is none. */
export function faultsBy(parameters: JsonObject): (input: JsonObject) => readonly string[] {
  const compiled = compileAnswer(parameters);
  if (!compiled.ok) throw new TerminalError("type_error", `parameters: ${compiled.problems[0]?.message}`);
  return (input) => compiled.check(input, "input").map(({ message }) => message);
}
