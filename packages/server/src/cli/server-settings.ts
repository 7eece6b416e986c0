import type { CliContext } from "#cli/context";
import { type LoadedSettings, loadSettings } from "#config/load-settings";
import { readProjectFile } from "#config/project-file";
import type { VariableName } from "#config/variables";
import { packageVersion } from "#package";

/** The settings of a server that would be started here and now. Throws InvalidSetting. */
export function serverSettings(
  context: CliContext,
  flags: Partial<Record<VariableName, string>> = {},
  environment = context.environment,
): LoadedSettings {
  return loadSettings(environment, flags, packageVersion(), readProjectFile(context.cwd), context.profile.settings);
}
