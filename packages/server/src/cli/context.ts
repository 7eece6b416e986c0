import { wantsColor } from "#cli/color";
import { type Connection, resolveConnection } from "#cli/connection";
import { durationMs } from "#cli/duration";
import type { GlobalFlags } from "#cli/global-flags";
import { Output } from "#cli/output";
import { chooseProfile, type Profile, refuseUnknown } from "#cli/profile";
import { readProjectFile } from "#config/project-file";
import { readVariable } from "#config/read-variable";
import { CLIENT_VARIABLES } from "#config/variables";

/** What every command is given: how to speak, and to whom. Made from flags, environment and files. */
export interface CliContext {
  readonly output: Output;
  /** Where the server is and what it is asked with; found out once, when a command first needs it. Only `newProfile` may be unknown. */
  connect(options?: { readonly newProfile?: boolean }): Promise<Connection>;
  readonly profile: Profile;
  /** ms; null: nobody said. */
  readonly timeoutMs: number | null;
  /** Are prompts allowed? */
  readonly interactive: boolean;
  /** Every question is answered with yes. */
  readonly yes: boolean;
  /** What Ctrl+C leaves behind from now on, and how to get at it; `act` is done before the command ends. */
  ifInterrupted(hint: string, act?: () => Promise<void>): void;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** What the process gives a context. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly ifInterrupted: CliContext["ifInterrupted"];
}

/** Throws InvalidSetting for MILLRACE_OUTPUT, CliError for a flag. */
export async function createContext(flags: GlobalFlags, { environment, cwd, ifInterrupted }: Surroundings): Promise<CliContext> {
  const profile = await chooseProfile(flags, environment, cwd);
  let connection: Promise<Connection> | undefined;
  return {
    output: createOutput(flags, environment, cwd, profile),
    profile,
    connect: async ({ newProfile = false } = {}) => {
      if (!newProfile) await refuseUnknown(profile);
      connection ??= resolveConnection({ flags, environment, cwd, profile });
      return connection;
    },
    timeoutMs: flags.timeout === undefined ? null : durationMs("--timeout", flags.timeout),
    interactive: flags.input !== false && process.stdin.isTTY === true && process.stderr.isTTY === true && (environment["CI"] ?? "") === "",
    yes: flags.yes === true,
    ifInterrupted,
    environment,
    cwd,
  };
}

function createOutput(flags: GlobalFlags, environment: NodeJS.ProcessEnv, cwd: string, { settings }: Profile): Output {
  const flag = flags.json === true ? "json" : flags.output;
  const given = { flag, environment, file: flag === undefined ? readProjectFile(cwd)["output"] : undefined, profile: settings["output"] };
  const { value: form, source } = readVariable(CLIENT_VARIABLES.output, given);
  return new Output({
    form,
    source,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    color: wantsColor(process.stderr, environment, flags.color !== false),
  });
}
