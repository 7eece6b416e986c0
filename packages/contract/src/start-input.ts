import { type Fault, typeWord, type Wording } from "#fault";
import { isJsonObject, type Json, type JsonObject } from "#json";
import type { Language } from "#language";
import { LIMITS } from "#limits";
import { say } from "#say";
import { isAnnotation, SchemaCompiler } from "#start/compile-schema";
import { isNames, own } from "#start/keywords-object";
import { accepts, checkAt, InputSink } from "#start/schema-sink";
import type { FileInput, PatternEngine, SchemaCheck, SchemaProblem } from "#start/schema-types";
import { admitsNull } from "#start/type-keyword";
import { expectedWord } from "#start/type-word";

export interface StartOptions {
  /** Refuse members that Start does not declare; default false. `additionalProperties: false` in the schema means the same. */
  readonly strictInput?: boolean;
  readonly patterns: PatternEngine;
  /** The member of the request that faults are found in; default `input`. */
  readonly member?: string;
  /** Largest inline file, decoded; default `LIMITS.fileBytes`. */
  readonly maxFileBytes?: number;
}

export type StartResult =
  /** `values`: every declared parameter and no other, defaults applied, absent optional = null. */
  | { readonly ok: true; readonly values: JsonObject; readonly files: readonly FileInput[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Checks the `input` of one request; faults come in the order in which Start declares its parameters. */
export type StartCheck = (input: JsonObject, language?: Language) => StartResult;

export type CompiledStart =
  | { readonly ok: true; readonly check: StartCheck }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly admitsNull: boolean;
  readonly fallback: Json;
  readonly expected: Wording;
  readonly check: SchemaCheck;
}

/** Compiles the JSON Schema of a Start node once a version; the check interprets nothing. */
export function compileStart(schema: JsonObject, options: StartOptions): CompiledStart {
  const compiler = new SchemaCompiler(schema, options.patterns, options.maxFileBytes ?? LIMITS.fileBytes.value);
  const parameters = compileParameters(schema, compiler);
  const whole = compileWhole(schema, compiler);
  checkRoot(schema, parameters, compiler);
  if (compiler.problems.length > 0) return { ok: false, problems: compiler.problems };
  const strict = options.strictInput === true || schema["additionalProperties"] === false;
  const { member = "input" } = options;
  return { ok: true, check: (input, language = "en") => checkInput(input, { parameters, whole, strict, member }, language) };
}

function compileParameters(schema: JsonObject, compiler: SchemaCompiler): readonly Parameter[] {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(isNames(schema["required"]) ? schema["required"] : []);
  return Object.entries(properties).map(([name, property]) => {
    const check = compiler.compile(property, ["properties", name]);
    const fallback = isJsonObject(property) ? own(property, "default") : undefined;
    if (fallback !== undefined && fallback !== null && !accepts(check, fallback)) {
      compiler.problem(["properties", name, "default"], "invalid_default", say`does not match the parameter's own schema`);
    }
    return {
      name,
      required: required.has(name),
      admitsNull: admitsNull(property),
      fallback: fallback ?? null,
      expected: expectedWord(property),
      check,
    };
  });
}

/** Each parameter by itself. */
const PARAMETER_KEYWORDS: ReadonlySet<string> = new Set(["type", "properties", "required", "additionalProperties"]);

/** The parameters together. */
const WHOLE_KEYWORDS: ReadonlySet<string> = new Set([
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependentRequired",
  "dependentSchemas",
  "propertyNames",
  "minProperties",
  "maxProperties",
]);

function compileWhole(schema: JsonObject, compiler: SchemaCompiler): SchemaCheck | null {
  const rest = Object.entries(schema).filter(([keyword]) => !PARAMETER_KEYWORDS.has(keyword) && !isAnnotation(keyword));
  for (const [keyword] of rest) {
    if (!WHOLE_KEYWORDS.has(keyword)) compiler.problem([keyword], "unsupported_keyword", say`cannot stand at the root of a Start schema`);
  }
  const whole = rest.filter(([keyword]) => WHOLE_KEYWORDS.has(keyword));
  return whole.length === 0 ? null : compiler.compile(Object.fromEntries(whole), [], true);
}

function checkRoot(schema: JsonObject, parameters: readonly Parameter[], compiler: SchemaCompiler): void {
  const { type, properties, required, additionalProperties } = schema as Partial<Record<string, Json>>;
  if (type !== undefined && type !== "object") compiler.problem(["type"], "invalid_keyword", say`must be object`);
  if (properties !== undefined && !isJsonObject(properties))
    compiler.problem(["properties"], "invalid_keyword", say`must be an object of schemas`);
  if (additionalProperties !== undefined && typeof additionalProperties !== "boolean") {
    compiler.problem(
      ["additionalProperties"],
      "invalid_keyword",
      say`must be true or false here: undeclared members of the input have no schema`,
    );
  }
  if (required === undefined) return;
  const names = new Set(parameters.map(({ name }) => name));
  if (!isNames(required)) compiler.problem(["required"], "invalid_keyword", say`must be an array of names`);
  else
    for (const name of required.filter((each) => !names.has(each)))
      compiler.problem(["required"], "invalid_keyword", say`names ${name}, which properties does not declare`);
}

interface StartShape {
  readonly parameters: readonly Parameter[];
  readonly whole: SchemaCheck | null;
  readonly strict: boolean;
  readonly member: string;
}

function checkInput(input: JsonObject, shape: StartShape, language: Language): StartResult {
  const sink = new InputSink(language, shape.member);
  const values: Record<string, Json> = {};
  for (const parameter of shape.parameters) setOwn(values, parameter.name, checkParameter(parameter, input, sink));
  shape.whole?.(givenParameters(input, shape.parameters), sink);
  if (shape.strict) refuseUnknown(input, shape.parameters, sink);
  return sink.failed ? { ok: false, faults: sink.faults } : { ok: true, values, files: sink.files };
}

function isGiven(parameter: Parameter, value: Json | undefined): value is Json {
  return value !== undefined && (value !== null || parameter.admitsNull);
}

function checkParameter(parameter: Parameter, input: JsonObject, sink: InputSink): Json {
  const value = own(input, parameter.name);
  const taken = isGiven(parameter, value) || parameter.required ? value : parameter.fallback;
  if (isGiven(parameter, taken)) {
    // A default was checked when it was compiled; here it may hold a file to keep.
    checkAt(parameter.check, taken, parameter.name, sink);
    return taken;
  }
  if (!parameter.required) return null;
  sink.enter(parameter.name);
  sink.add("required", parameter.expected, typeWord(value));
  sink.leave();
  return null;
}

/** What the keywords about all parameters see: the declared ones that the caller gave. */
function givenParameters(input: JsonObject, parameters: readonly Parameter[]): JsonObject {
  const given: Record<string, Json> = {};
  for (const parameter of parameters) {
    const value = own(input, parameter.name);
    if (isGiven(parameter, value)) setOwn(given, parameter.name, value);
  }
  return given;
}

function refuseUnknown(input: JsonObject, parameters: readonly Parameter[], sink: InputSink): void {
  const declared = new Set(parameters.map(({ name }) => name));
  const missing = [...declared].filter((name) => own(input, name) === undefined);
  for (const name of Object.keys(input)) {
    if (!declared.has(name)) sink.addUnknownKey(name, missing);
  }
}

/** Assignment to `__proto__` would set the prototype. */
function setOwn(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
