import { usageError } from "#cli/cli-error";
import type { GlobalFlags } from "#cli/global-flags";
import { type Credential, profileFolder, readCredentials, readProfiles } from "#config/profiles";
import { type ProjectSettings, readProjectFile } from "#config/project-file";
import { InvalidSetting, readVariable } from "#config/read-variable";
import { CLIENT_VARIABLES } from "#config/variables";

/** The profile in use. */
export interface Profile {
  readonly name: string;
  readonly source: string;
  /** Empty where there is none of this name. */
  readonly settings: ProjectSettings;
  /** null: nobody signed in. */
  readonly credential: Credential | null;
  /** Names of all that there are. */
  readonly known: readonly string[];
}

/** Flag over environment over project file over the one that `profiles use` chose. Throws InvalidSetting. */
export async function chooseProfile(flags: GlobalFlags, environment: NodeJS.ProcessEnv, cwd: string): Promise<Profile> {
  if (flags.profile !== undefined && CLIENT_VARIABLES.profile.read(flags.profile) === undefined)
    throw new InvalidSetting("--profile", flags.profile, CLIENT_VARIABLES.profile.accepts);
  const folder = profileFolder(environment);
  const { current, settings } = await readProfiles(folder);
  const given = { flag: flags.profile, environment, file: readProjectFile(cwd)["profile"], profile: current ?? undefined };
  const { value: name, source } = readVariable(CLIENT_VARIABLES.profile, given);
  const credentials = await readCredentials(folder);
  const known = [...new Set([...Object.keys(settings), ...Object.keys(credentials)])].sort();
  return { name, source, settings: settings[name] ?? {}, credential: credentials[name] ?? null, known };
}

/** One that was named and does not exist; the default one need not. */
export async function refuseUnknown({ name, source, known }: Profile): Promise<void> {
  if (source === "default" || name === CLIENT_VARIABLES.profile.fallback || known.includes(name)) return;
  const { nearestName } = await import("@millrace/contract");
  const near = nearestName(name, known);
  throw usageError(
    `there is no profile "${name}"`,
    near === null ? `millrace login --profile ${name}   makes it` : `did you mean ${near}?`,
  );
}
