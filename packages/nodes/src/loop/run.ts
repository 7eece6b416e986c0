import type { Json, JsonObject } from "@millrace/contract";
import { convert, describe, INTEGER, type IterateDirective, TerminalError, typeName } from "@millrace/engine";
import { definePure, type PureContext } from "#kit/executor";
import { checkCount, itemsOf } from "#kit/iteration";
import { type Config, type Variable, variableType } from "#loop/config";
import { spec } from "#loop/spec";

export const executor = definePure<Config>(spec, (config, context) => ({
  verb: "iterate",
  mode: "sequential",
  ...extent(config, context),
  concurrency: 1,
  onItemError: "fail",
  variables: initialValues(config.variables ?? {}),
}));

/** Neither items nor a count: the loop runs while its condition holds, which the engine reads before each iteration. */
function extent({ items, count }: Config, { maxIterations }: PureContext): Pick<IterateDirective, "items" | "count"> {
  if (items !== undefined) {
    const list = itemsOf(items, maxIterations);
    return { items: list, count: list.length };
  }
  return { items: null, count: count === undefined ? null : wholeCount(count, maxIterations) };
}

function wholeCount(value: Json, maxIterations: number): number {
  const converted = convert(value, INTEGER);
  if (!converted.ok) throw new TerminalError("type_error", `count: ${converted.message}`);
  const count = converted.value;
  if (typeof count !== "number" || count < 0) {
    throw new TerminalError(
      "type_error",
      `count must be an integer, 0 or more, and it is ${typeof count === "number" ? "negative" : describe(count)}.`,
    );
  }
  checkCount(count, maxIterations);
  return count;
}

function initialValues(variables: Readonly<Record<string, Variable>>): JsonObject {
  return Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, initialValue(name, variable)]));
}

function initialValue(name: string, variable: Variable): Json {
  const type = variableType(variable);
  const converted = convert(variable.value, type);
  if (converted.ok) return converted.value;
  throw new TerminalError("type_error", `variables.${name}: ${converted.message} (declared ${typeName(type)})`);
}
