import type { Parameter } from "#expression/functions/parameter";
import type { FunctionRow } from "#expression/functions/row";
import { typeName } from "#value/types";

/** How a row reads in the docs and the editor: `list.map(callback: (item, index) => any): array<any>`. */
export function signature(row: FunctionRow): string {
  const receiver = row.on === null ? "" : `${row.on === "any" ? "value" : row.on}.`;
  return `${receiver}${row.name}(${row.parameters.map(parameterText).join(", ")}): ${typeName(row.returns)}`;
}

function parameterText(parameter: Parameter<unknown>): string {
  const type = parameter.given === undefined ? parameter.type : `(${parameter.given.join(", ")}) => any`;
  if (parameter.mode === "rest") return `...${parameter.name}: ${type}`;
  return `${parameter.name}${parameter.mode === "optional" ? "?" : ""}: ${type}`;
}
