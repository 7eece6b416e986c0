import type { Json, JsonObject } from "@millrace/contract";
import type { ValueType } from "@millrace/engine";
import { isBlank, listOf, objectOf, textOf } from "#flow/json";
import type { FlowProblems } from "#flow/problems";
import { readType } from "#flow/types";
import { isIdentifier } from "#flow/vendor";

/** A declared variable, with or without a source. */
export interface Variable {
  readonly raw: JsonObject;
  readonly at: string;
  /** "" when there is none. */
  readonly id: string;
  readonly name: string;
  readonly type: ValueType;
}

/** Who declares variables: where problems are reported. */
export interface Owner {
  readonly id: string;
  readonly problems: FlowProblems;
}

function readVariable(value: Json | undefined, at: string, owner: Owner): Variable {
  const raw = objectOf(value);
  return {
    raw,
    at,
    id: isBlank(raw["id"]) ? "" : textOf(raw["id"]),
    name: isBlank(raw["name"]) ? "" : textOf(raw["name"]),
    type: readType(raw["type"], `${at}.type`, owner.problems, owner.id),
  };
}

/** A list of variables that others name; a name that is no identifier is a warning, one without a name is left out. */
export function readNamedVariables(value: Json | undefined, at: string, owner: Owner): readonly Variable[] {
  const variables = listOf(value).map((item, index) => readVariable(item, `${at}[${index}]`, owner));
  for (const variable of variables) {
    if (isIdentifier(variable.name)) continue;
    const what =
      variable.name === ""
        ? "A variable without a name cannot be read."
        : "The name is no identifier: references reach it, templates do not.";
    owner.problems.add("MR_NAME", `${variable.at}.name`, what, owner.id);
  }
  return variables.filter((variable) => variable.name !== "");
}
