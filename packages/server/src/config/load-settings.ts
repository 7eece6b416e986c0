import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { didYouMean } from "@millrace/engine";
import type { Settings } from "#config/settings";
import { type Variable, type VariableName, VARIABLES } from "#config/variables";

/** A setting has a value that it does not accept. The message names the variable, the value (masked if secret) and the form. */
export class InvalidSetting extends Error {
  constructor(variable: string, value: string, accepts: string) {
    super(`${variable}: "${value}" is not valid; expected ${accepts}`);
    this.name = "InvalidSetting";
  }
}

/** Where a value came from, most binding first. */
export type Source = "flag" | "environment" | "default";

export interface LoadedSettings {
  readonly settings: Settings;
  readonly sources: { readonly [Name in VariableName]: Source };
  /** Unknown MILLRACE_* variables, each with the name it may have meant. */
  readonly warnings: readonly string[];
}

/** Variables that other parts of the product read: known, and not settings of the server. */
const OTHER_VARIABLES = ["MILLRACE_ENDPOINT", "MILLRACE_API_KEY", "MILLRACE_PROFILE", "MILLRACE_OUTPUT", "MILLRACE_FAILPOINTS"];

/** Flag over environment over default. Throws InvalidSetting. */
export function loadSettings(environment: NodeJS.ProcessEnv, flags: Partial<Record<VariableName, string>>, version: string): LoadedSettings {
  const values: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const [name, variable] of Object.entries(VARIABLES) as [VariableName, Variable<unknown>][]) {
    const given = flags[name] ?? fromEnvironment(environment, variable);
    sources[name] = flags[name] !== undefined ? "flag" : given === undefined ? "default" : "environment";
    values[name] = given === undefined ? variable.fallback : valueOf(variable, given);
  }
  const settings = { ...values, version, dataDir: resolve(String(values["dataDir"])) } as Settings;
  return { settings, sources: sources as LoadedSettings["sources"], warnings: unknownVariables(environment) };
}

function valueOf(variable: Variable<unknown>, given: string): unknown {
  const value = variable.read(given.trim());
  if (value === undefined) throw new InvalidSetting(variable.name, variable.secret ? "***" : given, variable.accepts);
  return value;
}

function fromEnvironment(environment: NodeJS.ProcessEnv, variable: Variable<unknown>): string | undefined {
  const direct = environment[variable.name];
  if (direct !== undefined && direct !== "") return direct;
  const file = environment[`${variable.name}_FILE`];
  if (file === undefined || file === "") return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new InvalidSetting(`${variable.name}_FILE`, file, `a readable file (${(error as NodeJS.ErrnoException).code})`);
  }
}

function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const names = Object.values(VARIABLES).map(({ name }) => name);
  const known = new Set<string>([...names, ...names.map((name) => `${name}_FILE`), ...OTHER_VARIABLES]);
  return Object.keys(environment)
    .filter((name) => name.startsWith("MILLRACE_") && !known.has(name))
    .map((name) => `unknown variable ${name}${hintOf(name, known)}`);
}

function hintOf(name: string, known: Iterable<string>): string {
  const hint = didYouMean(name, known);
  return hint === undefined ? "" : ` (${hint})`;
}
