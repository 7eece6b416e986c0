import { COLLECT_FUNCTIONS, COLLECT_METHODS } from "#expression/functions/collect";
import { DATE_FUNCTIONS } from "#expression/functions/date";
import { ENCODING_FUNCTIONS } from "#expression/functions/encoding";
import { GENERAL_FUNCTIONS, GENERAL_METHODS } from "#expression/functions/general";
import { LIST_METHODS } from "#expression/functions/list";
import { CONSTANTS, MATH_FUNCTIONS, MATH_METHODS } from "#expression/functions/math";
import { OBJECT_FUNCTIONS, OBJECT_METHODS } from "#expression/functions/object";
import type { FunctionRow, Receiver } from "#expression/functions/row";
import { NUMBER_METHODS, TEXT_METHODS } from "#expression/functions/text";

/** All functions of the language; there is no way to call anything else. */
export const FUNCTIONS: readonly FunctionRow[] = [
  ...GENERAL_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
  ...COLLECT_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...DATE_FUNCTIONS,
];

/** All methods, by receiver and name. */
export const METHODS: readonly FunctionRow[] = [
  ...GENERAL_METHODS,
  ...OBJECT_METHODS,
  ...COLLECT_METHODS,
  ...LIST_METHODS,
  ...TEXT_METHODS,
  ...NUMBER_METHODS,
  ...MATH_METHODS,
];

const FUNCTION_BY_NAME: ReadonlyMap<string, FunctionRow> = new Map(FUNCTIONS.map((row) => [row.name, row]));

export function findFunction(name: string): FunctionRow | undefined {
  return FUNCTION_BY_NAME.get(name);
}

export function functionNames(): Iterable<string> {
  return FUNCTION_BY_NAME.keys();
}

/** Names before a dot: `Math`, `JSON`, `Object`, … They are no values. */
export const NAMESPACES: ReadonlySet<string> = new Set(
  [...FUNCTION_BY_NAME.keys(), ...CONSTANTS.keys()].filter((name) => name.includes(".")).map((name) => name.slice(0, name.indexOf("."))),
);

export function findConstant(name: string): number | undefined {
  return CONSTANTS.get(name);
}

/** The rows of one method name, by receiver. */
export type MethodRows = { readonly [on in Receiver]?: FunctionRow };

const METHOD_ROWS: ReadonlyMap<string, MethodRows> = rowsByName();

function rowsByName(): Map<string, MethodRows> {
  const byName = new Map<string, MethodRows>();
  for (const row of METHODS) {
    if (row.on !== null) byName.set(row.name, { ...byName.get(row.name), [row.on]: row });
  }
  return byName;
}

export function findMethods(name: string): MethodRows | undefined {
  return METHOD_ROWS.get(name);
}

export function methodNames(on: Receiver | null): readonly string[] {
  return [...METHOD_ROWS].filter(([, rows]) => on === null || rows[on] !== undefined || rows.any !== undefined).map(([name]) => name);
}
