import type { Parameter, ParameterType } from "#expression/functions/parameter";
import type { FunctionRow } from "#expression/functions/row";

const SAMPLES: { readonly [type in Exclude<ParameterType, "callback">]: string } = {
  any: "null",
  string: '""',
  text: '""',
  number: "0",
  integer: "0",
  boolean: "true",
  list: "[]",
  object: "{}",
};

/** A call with arguments that compile, for an editor to insert; `caret` is before the first of them, or behind the call. */
export function sampleCall(row: FunctionRow): { readonly insert: string; readonly caret: number } {
  const args = row.parameters.filter((parameter) => parameter.mode === "required").map(sample);
  const insert = `${row.name}(${args.join(", ")})`;
  return { insert, caret: row.parameters.length === 0 ? insert.length : row.name.length + 1 };
}

function sample(parameter: Parameter<unknown>): string {
  if (parameter.type !== "callback") return SAMPLES[parameter.type];
  const given = parameter.given ?? [];
  return given[0] === "item" ? "item => item" : `(${given.slice(0, 2).join(", ")}) => ${given[0] ?? "null"}`;
}
