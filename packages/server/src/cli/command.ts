import type { CliContext } from "#cli/context";
import type { ExitName } from "#cli/exit-codes";
import type { ArgumentSpec, FlagSpec } from "#cli/flag";
import type { Given } from "#cli/given";

/** Does what the command is for. Throws CliError, which says the exit status. */
export type Action = (context: CliContext, given: Given) => Promise<void>;

/** One command, as data: its parser, its help text and `help --json` are made from this. */
export interface CommandSpec {
  /** `workflows list`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly flags?: readonly FlagSpec[];
  /** Besides those of every command. */
  readonly exits?: readonly ExitName[];
}
