import type { Json, JsonObject } from "@millrace/contract";
import type { Meter } from "#expression/fuel";
import { isList, isObject } from "#value/json";
import { textOf } from "#value/text";

/** An arrow function of the expression, ready to be called by a function or method. */
export type Callback = (first: Json, second: Json, third: Json) => Json;
export type Argument = Json | Callback;

/** `text` takes every value and reads it as text; `integer` drops a fraction. */
export type ParameterType = "any" | "string" | "text" | "number" | "integer" | "boolean" | "list" | "object" | "callback";

export type CallbackParameter = "item" | "index" | "total" | "left" | "right" | "value" | "key";

export interface Parameter<T> {
  readonly name: string;
  readonly type: ParameterType;
  readonly mode: "required" | "optional" | "rest";
  /** Optional, and null is not the same as absent: absent is undefined. */
  readonly keepsAbsent?: boolean;
  /** What a callback is given, in order. */
  readonly given?: readonly CallbackParameter[];
  /** The argument as the type says, or undefined: wrong type. Never called with null, except for `any`. */
  readonly read: (value: Argument, meter: Meter) => T | undefined;
}

/** What the body of a function gets for its parameters. */
export type Values<P extends readonly Parameter<unknown>[]> = { [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

function parameter<T>(type: ParameterType, read: Parameter<T>["read"]): (name: string) => Parameter<T> {
  return (name) => ({ name, type, mode: "required", read });
}

export const any = parameter<Json>("any", (value) => (typeof value === "function" ? undefined : value));
export const string = parameter<string>("string", (value) => (typeof value === "string" ? value : undefined));
export const number = parameter<number>("number", (value) => (typeof value === "number" ? value : undefined));
export const integer = parameter<number>("integer", (value) => (typeof value === "number" ? Math.trunc(value) : undefined));
export const boolean = parameter<boolean>("boolean", (value) => (typeof value === "boolean" ? value : undefined));
export const list = parameter<readonly Json[]>("list", (value) => (typeof value !== "function" && isList(value) ? value : undefined));
export const object = parameter<JsonObject>("object", (value) => (typeof value !== "function" && isObject(value) ? value : undefined));
export const text = parameter<string>("text", (value, meter) =>
  typeof value === "function" ? undefined : textOf(value, (characters) => meter.text(characters)),
);

export function callback(name: string, given: readonly CallbackParameter[]): Parameter<Callback> {
  return { name, type: "callback", mode: "required", given, read: (value) => (typeof value === "function" ? value : undefined) };
}

/** Absent or null: null. */
export function optional<T>(of: Parameter<T>): Parameter<T | null> {
  return { ...of, mode: "optional" };
}

/** As `optional`, for the rare case where null is a value of its own. */
export function absentOr<T>(of: Parameter<T>): Parameter<T | undefined> {
  return { ...of, mode: "optional", keepsAbsent: true };
}

/** All further arguments; the last parameter only. */
export function rest<T>(of: Parameter<T>): Parameter<readonly T[]> {
  const one = of.read;
  return { ...of, mode: "rest", read: (value, meter) => readAll(value, one, meter) };
}

/** The binder hands over the arguments that are left as one list. */
function readAll<T>(values: Argument, one: Parameter<T>["read"], meter: Meter): readonly T[] | undefined {
  if (typeof values === "function" || !isList(values)) return undefined;
  const read: T[] = [];
  for (const value of values) {
    const item = one(value, meter);
    if (item === undefined) return undefined;
    read.push(item);
  }
  return read;
}
