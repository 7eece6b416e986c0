import type { Json } from "@millrace/contract";
import { fault } from "#expression/errors";
import type { Meter } from "#expression/fuel";
import type { Argument, Parameter, Values } from "#expression/functions/parameter";
import { describe, type ValueType } from "#value/types";

/** What a method is called on. `any` includes null; on all others a method of null gives null. */
export type Receiver = "string" | "list" | "object" | "number" | "boolean" | "any";

/** One function or method: the one source of its checks, its docs, its completion and its work. */
export interface FunctionRow {
  /** `sum`, `Math.max`; of a method its bare name. */
  readonly name: string;
  /** Null: a function. */
  readonly on: Receiver | null;
  /** Without the receiver. */
  readonly parameters: readonly Parameter<unknown>[];
  readonly returns: ValueType;
  /** A narrower type from those of receiver and arguments (of a callback: what it gives). */
  readonly infer?: (types: readonly ValueType[]) => ValueType;
  readonly doc: string;
  /** Steps a call, besides what grows with the data. */
  readonly cost: number;
  /** The result is a part of what went in, so that its size is not that of something made here. */
  readonly passes: boolean;
  /** `args` hold the receiver first, where there is one. */
  invoke(args: readonly Argument[], meter: Meter): Json;
}

export type RowOptions = Partial<Pick<FunctionRow, "infer" | "cost" | "passes">>;

const DEFAULT_COST = 2;

/** A function of the table. A null for a required argument gives null without calling the body, unless the parameter is `any`. */
export function define<const P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  returns: ValueType,
  doc: string,
  body: (args: Values<P>, meter: Meter) => Json,
  options: RowOptions = {},
): FunctionRow {
  const cost = options.cost ?? DEFAULT_COST;
  return {
    name,
    on: null,
    parameters,
    returns,
    doc,
    passes: false,
    ...options,
    cost,
    invoke(args, meter) {
      meter.step(cost);
      const values = bind(name, parameters, args, meter);
      // `bind` has checked each value by the parameter that gave the type.
      return values === null ? null : body(values as Values<P>, meter);
    },
  };
}

/** The row as a method: the first parameter becomes the receiver. */
export function onReceiver(row: FunctionRow, on: Receiver): FunctionRow {
  return { ...row, on, parameters: row.parameters.slice(1) };
}

/** The values for the body; null: a required one is null, and so is the result. */
function bind(name: string, parameters: readonly Parameter<unknown>[], args: readonly Argument[], meter: Meter): unknown[] | null {
  const values: unknown[] = [];
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index];
    if (parameter === undefined) break;
    const argument = parameter.mode === "rest" ? restOf(args, index) : (args[index] ?? null);
    if (argument === null && parameter.type !== "any") {
      if (parameter.mode === "required") return null;
      values.push(null);
    } else if (parameter.keepsAbsent === true && index >= args.length) values.push(undefined);
    else if (parameter.mode === "rest" && parameter.type !== "any" && hasNull(argument)) return null;
    else values.push(read(name, parameter, argument, meter));
  }
  return values;
}

function restOf(args: readonly Argument[], index: number): Json {
  return args.slice(index).filter((arg) => typeof arg !== "function");
}

function hasNull(values: Argument): boolean {
  return Array.isArray(values) && values.includes(null);
}

function read(name: string, parameter: Parameter<unknown>, argument: Argument, meter: Meter): unknown {
  const value = parameter.read(argument, meter);
  if (value !== undefined) return value;
  const got =
    typeof argument === "function" ? "a function" : describe(parameter.mode === "rest" ? wrongOf(parameter, argument, meter) : argument);
  throw fault("bad_argument", `${name}: "${parameter.name}" must be ${article(parameter.type)}, not ${got}.`);
}

/** The one of the further arguments that does not fit. */
function wrongOf(parameter: Parameter<unknown>, values: Json, meter: Meter): Json {
  const all = Array.isArray(values) ? values : [];
  return all.find((value) => parameter.read([value], meter) === undefined) ?? null;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
