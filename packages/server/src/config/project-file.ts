import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidSetting } from "#config/read-variable";
import { CLIENT_VARIABLES, VARIABLES } from "#config/variables";

/** The project's own settings, committed with its workflows. */
const PROJECT_FILE = "millrace.config.json";

/** Settings of the project as text, by name. */
export type ProjectSettings = { readonly [name: string]: string | undefined };

/** The settings of `millrace.config.json` in this directory; none where there is no such file. Throws InvalidSetting. */
export function readProjectFile(directory: string): ProjectSettings {
  const text = readIfThere(join(directory, PROJECT_FILE));
  if (text === null) return {};
  const { $schema: _schema, ...members } = parseObject(text) as { readonly [name: string]: unknown };
  return settingsOf(PROJECT_FILE, members);
}

/** Settings of a file that no secret belongs in. Throws InvalidSetting, which names the place. */
export function settingsOf(place: string, members: { readonly [name: string]: unknown }): ProjectSettings {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, settingText(`${place}: ${name}`, name, value)]));
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below, as for every other text that is no object.
  }
  throw new InvalidSetting(PROJECT_FILE, text.trim().slice(0, 40), "a JSON object");
}

function settingText(place: string, name: string, value: unknown): string {
  const known: { readonly [name: string]: { readonly secret: boolean; readonly accepts: string } } = { ...VARIABLES, ...CLIENT_VARIABLES };
  const variable = known[name];
  const names = Object.keys(known).filter((other) => !known[other]?.secret);
  if (!variable) throw new InvalidSetting(place, String(value), `one of the settings ${names.join(", ")}`);
  if (variable.secret) throw new InvalidSetting(place, "***", "no secret: it would be committed or copied; use the environment");
  if (typeof value !== "string" && typeof value !== "number") throw new InvalidSetting(place, JSON.stringify(value), variable.accepts);
  return String(value);
}
