import { isJsonObject, type Json, type JsonObject, say } from "@millrace/contract";
import { ANY, dynamic, parseType, type SaidProblem, type ValueType } from "@millrace/engine";
import Type from "typebox";
import { exactlyOne } from "#kit/exactly-one";
import { anyValue, bodyGraph, IDENTIFIER_PATTERN, orExpression } from "#kit/schema";

const variable = Type.Object(
  {
    type: Type.Optional(Type.String({ description: "string, integer, number, boolean, object, array<…>, file<…>; absent: any." })),
    value: anyValue("The value before the first iteration."),
  },
  { additionalProperties: false },
);

export const configSchema = Type.Object(
  {
    items: Type.Optional(
      orExpression(Type.Union([Type.Array(Type.Unknown()), Type.Null()], { description: "One iteration an item; null is none." })),
    ),
    count: Type.Optional(orExpression(Type.Integer({ minimum: 0, description: "The number of iterations." }))),
    while: Type.Optional(
      dynamic(Type.Boolean({ description: "Read before each iteration, with the loop's variables; the loop ends when it is not truthy." })),
    ),
    variables: Type.Optional(
      Type.Record(Type.String({ pattern: IDENTIFIER_PATTERN }), variable, {
        additionalProperties: false,
        description: "Variables that iterations hand on: read as `loop.<name>`, assigned by set nodes.",
      }),
    ),
    collect: Type.Optional(anyValue("What `items` of the result gets of each completed iteration; read in the iteration's own scope.")),
    body: bodyGraph,
  },
  { additionalProperties: false },
);

export interface Variable {
  readonly type?: string;
  readonly value: Json;
}

/** The evaluated config: `while`, `collect` and `body` are the engine's. */
export interface Config {
  readonly items?: Json;
  readonly count?: Json;
  readonly variables?: Readonly<Record<string, Variable>>;
}

export function variableType({ type }: Variable): ValueType {
  return (type !== undefined && parseType(type)) || ANY;
}

export function variableTypes(config: JsonObject): { readonly [name: string]: ValueType } {
  return Object.fromEntries(variablesOf(config).map(([name, variable]) => [name, variableType(variable)]));
}

function variablesOf({ variables }: JsonObject): readonly (readonly [string, Variable])[] {
  return isJsonObject(variables) ? Object.entries(variables as unknown as Readonly<Record<string, Variable>>) : [];
}

/** Fields that a loop has anyway: `item` and `index` inside its body, `items` and `count` in its result. */
const TAKEN: ReadonlySet<string> = new Set(["item", "index", "items", "count"]);

export function checkLoop(config: JsonObject): readonly SaidProblem[] {
  return [
    ...exactlyOne(config, ["items", "count", "while"], ""),
    ...variablesOf(config).flatMap(([name, { type }]) => checkVariable(name, type)),
  ];
}

function checkVariable(name: string, type: string | undefined): readonly SaidProblem[] {
  const problems: SaidProblem[] = [];
  const path = `/variables/${name}`;
  if (TAKEN.has(name)) {
    problems.push({
      code: "reserved_name",
      level: "error",
      path,
      message: say`a loop has a field ${name} of its own; give the variable another name`,
    });
  }
  if (type !== undefined && parseType(type) === null) {
    problems.push({ code: "unknown_type", level: "warning", path: `${path}/type`, message: say`unknown type ${type}; it is read as any` });
  }
  return problems;
}
