import { readFileSync } from "node:fs";
import type { Variable } from "#config/variables";

/** A setting has a value that it does not accept. The message names the variable, the value (masked if secret) and the form. */
export class InvalidSetting extends Error {
  constructor(variable: string, value: string, accepts: string) {
    super(`${variable}: "${value}" is not valid; expected ${accepts}`);
    this.name = "InvalidSetting";
  }
}

/** Where a value came from, most binding first. */
export type Source = "flag" | "environment" | "file" | "profile" | "default";

/** What one setting may be taken from; empty text counts as absent. */
export interface Sources {
  readonly flag?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** The setting's member of `millrace.config.json`, as text. */
  readonly file?: string | undefined;
  /** Of the profile in use, as text. */
  readonly profile?: string | undefined;
}

export interface ReadValue<T> {
  readonly value: T;
  readonly source: Source;
}

/** Flag over environment (the variable, or the file that `<name>_FILE` names) over project file over profile over default. Throws InvalidSetting. */
export function readVariable<T>(variable: Variable<T>, sources: Sources): ReadValue<T> {
  const environment = fromEnvironment(sources.environment, variable.name);
  const given = [
    ["flag", sources.flag],
    ["environment", environment],
    ["file", sources.file],
    ["profile", sources.profile],
  ] as const;
  const [source, text] = given.find(([, value]) => value !== undefined) ?? ["default", undefined];
  if (text === undefined) return { value: variable.fallback, source };
  const value = variable.read(text.trim());
  if (value === undefined) throw new InvalidSetting(variable.name, variable.secret ? "***" : text, variable.accepts);
  return { value, source };
}

function fromEnvironment(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const direct = environment[name];
  if (direct !== undefined && direct !== "") return direct;
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === "") return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new InvalidSetting(`${name}_FILE`, file, `a readable file (${(error as NodeJS.ErrnoException).code})`);
  }
}
