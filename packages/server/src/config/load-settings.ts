import { resolve } from "node:path";
import { didYouMean } from "@millrace/engine";
import type { ProjectSettings } from "#config/project-file";
import { InvalidSetting, readVariable, type Source } from "#config/read-variable";
import type { Settings } from "#config/settings";
import { CLIENT_VARIABLES, VARIABLES, type Variable, type VariableName } from "#config/variables";

export interface LoadedSettings {
  readonly settings: Settings;
  readonly sources: { readonly [Name in VariableName]: Source };
  /** Unknown MILLRACE_* variables, each with the name it may have meant. */
  readonly warnings: readonly string[];
}

/** Read where it is used, and for tests only: crash points of the store. */
const FAILPOINTS = "MILLRACE_FAILPOINTS";

/** Flag over environment over project file over profile over default. Throws InvalidSetting. */
export function loadSettings(
  environment: NodeJS.ProcessEnv,
  flags: Partial<Record<VariableName, string>>,
  version: string,
  project: ProjectSettings = {},
  profile: ProjectSettings = {},
): LoadedSettings {
  const values: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const [name, variable] of Object.entries(VARIABLES) as [VariableName, Variable<unknown>][]) {
    const { value, source } = readVariable(variable, { flag: flags[name], environment, file: project[name], profile: profile[name] });
    values[name] = value;
    sources[name] = source;
  }
  const settings = { ...values, version, dataDir: resolve(String(values["dataDir"])) } as unknown as Settings;
  checkEngine(settings);
  return { settings, sources: sources as LoadedSettings["sources"], warnings: unknownVariables(environment) };
}

/** An engine outside keeps its own log of runs; what they are is where all processes find it. */
function checkEngine({ engine, databaseUrl, restateUrl }: Settings): void {
  if (engine === "embedded") return;
  const lacks = databaseUrl === null ? VARIABLES.databaseUrl : restateUrl === null ? VARIABLES.restateUrl : null;
  if (lacks) throw new InvalidSetting(VARIABLES.engine.name, engine, `embedded, unless ${lacks.name} is set (${lacks.accepts})`);
}

function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const names = [...Object.values(VARIABLES), ...Object.values(CLIENT_VARIABLES)].map(({ name }) => name);
  const known = new Set<string>([...names, ...names.map((name) => `${name}_FILE`), FAILPOINTS]);
  return Object.keys(environment)
    .filter((name) => name.startsWith("MILLRACE_") && !known.has(name))
    .map((name) => `unknown variable ${name}${hintOf(name, known)}`);
}

function hintOf(name: string, known: Iterable<string>): string {
  const hint = didYouMean(name, known);
  return hint === undefined ? "" : ` (${hint})`;
}
