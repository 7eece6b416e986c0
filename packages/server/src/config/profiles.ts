import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ProjectSettings, settingsOf } from "#config/project-file";
import { InvalidSetting } from "#config/read-variable";

// Two files of a person on a machine, in `$XDG_CONFIG_HOME/millrace`: `config.toml` with named settings, and `credentials` with a key for
// each name, which nobody else may read.

export interface Profiles {
  /** The one in use where nobody names another; null: nobody chose. */
  readonly current: string | null;
  readonly settings: { readonly [name: string]: ProjectSettings };
}

export interface Credential {
  /** The only server that the key is shown to. */
  readonly endpoint: string;
  readonly apiKey: string;
}

export type Credentials = { readonly [profile: string]: Credential };

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export function profileFolder(environment: NodeJS.ProcessEnv): string {
  const configured = environment["XDG_CONFIG_HOME"] ?? "";
  return join(configured === "" ? join(environment["HOME"] ?? homedir(), ".config") : configured, "millrace");
}

/** None where there is no file. Throws InvalidSetting. */
export async function readProfiles(folder: string): Promise<Profiles> {
  const { profile, profiles = {}, ...unknown } = await readToml(join(folder, "config.toml"));
  const [extra] = Object.keys(unknown);
  if (extra !== undefined)
    throw new InvalidSetting(`config.toml: ${extra}`, String(unknown[extra]), 'profile = "…" and tables [profiles.…]');
  if (profile !== undefined && typeof profile !== "string") throw new InvalidSetting("config.toml: profile", String(profile), "a name");
  const settings = Object.entries(tableOf("config.toml: profiles", profiles)).map(
    ([name, table]) => [name, settingsOf(`config.toml: profiles.${name}`, tableOf(`config.toml: profiles.${name}`, table))] as const,
  );
  return { current: profile ?? null, settings: Object.fromEntries(settings) };
}

export async function writeProfiles(folder: string, { current, settings }: Profiles): Promise<void> {
  await writeToml(folder, "config.toml", { ...(current !== null && { profile: current }), profiles: settings });
}

/** None where there is no file. Throws InvalidSetting, which shows no key. */
export async function readCredentials(folder: string): Promise<Credentials> {
  const tables = Object.entries(await readToml(join(folder, "credentials")));
  return Object.fromEntries(
    tables.map(([name, table]) => {
      const { endpoint, apiKey } = tableOf(`credentials: ${name}`, table);
      if (typeof endpoint === "string" && typeof apiKey === "string") return [name, { endpoint, apiKey }];
      throw new InvalidSetting(`credentials: ${name}`, "***", "endpoint and apiKey, both texts");
    }),
  );
}

export async function writeCredentials(folder: string, credentials: Credentials): Promise<void> {
  await writeToml(folder, "credentials", credentials);
}

/** The parser is loaded for those who have such a file. */
async function readToml(file: string): Promise<{ readonly [name: string]: unknown }> {
  const text = readIfThere(file);
  if (text === null) return {};
  const { parse } = await import("smol-toml");
  try {
    return parse(text);
  } catch (error) {
    // What the parser shows of the text may be a key.
    const { line, column } = error as { line?: number; column?: number };
    throw new InvalidSetting(file, `line ${line}, column ${column}`, "TOML");
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Replaced as a whole, and readable by its owner alone. */
async function writeToml(folder: string, name: string, value: object): Promise<void> {
  const { stringify } = await import("smol-toml");
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  chmodSync(folder, FOLDER_MODE);
  const file = join(folder, name);
  writeFileSync(`${file}.new`, stringify(value), { mode: FILE_MODE });
  renameSync(`${file}.new`, file);
}

function tableOf(place: string, value: unknown): { readonly [name: string]: unknown } {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as { readonly [name: string]: unknown };
  throw new InvalidSetting(place, String(value), "a table");
}
