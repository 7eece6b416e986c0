import assert from "node:assert/strict";
import type { Fault } from "#fault";
import type { JsonObject } from "#json";
import type { PatternEngine, SchemaProblem } from "#start/schema-types";
import { compileStart, type StartCheck, type StartOptions } from "#start-input";

/** Stands for the server's linear-time engine, which also refuses look-around and back-references. */
const patterns: PatternEngine = (source) => {
  if (/\(\?[=!<]|\\[1-9]/.test(source)) throw new Error("unsupported");
  return new RegExp(source, "u");
};

export function startCheck(schema: JsonObject, options: Partial<StartOptions> = {}): StartCheck {
  const compiled = compileStart(schema, { patterns, ...options });
  assert.deepEqual(compiled.ok ? [] : compiled.problems, []);
  return (compiled as { check: StartCheck }).check;
}

/** A Start schema of these parameters; a name that ends in "!" is required. */
export function parameters(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  const entries = Object.entries(properties).map(([name, schema]) => [name.replace("!", ""), schema] as const);
  const required = Object.keys(properties)
    .filter((name) => name.endsWith("!"))
    .map((name) => name.slice(0, -1));
  return { type: "object", properties: Object.fromEntries(entries), required, ...rest };
}

export function startFaults(schema: JsonObject, input: JsonObject, options: Partial<StartOptions> = {}): readonly Fault[] {
  const result = startCheck(schema, options)(input);
  return result.ok ? [] : result.faults;
}

/** `path code` of each fault. */
export const startCodes = (schema: JsonObject, input: JsonObject, options: Partial<StartOptions> = {}): string[] =>
  startFaults(schema, input, options).map(({ path, code }) => `${path} ${code}`);

export function startProblems(schema: JsonObject): readonly SchemaProblem[] {
  const compiled = compileStart(schema, { patterns });
  return compiled.ok ? [] : compiled.problems;
}
