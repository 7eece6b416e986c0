import type { CliContext } from "#cli/context";
import type { ExitName } from "#cli/exit-codes";
import type { Given } from "#cli/given";

/** Does what the command is for. Throws CliError, which says the exit status. */
export type Action = (context: CliContext, given: Given) => Promise<void>;

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all that is left. */
  readonly many?: boolean;
}

export interface FlagSpec {
  /** Without dashes; one letter is a short flag without a long one. */
  readonly name: string;
  readonly short?: string;
  readonly kind: "switch" | "text" | "integer" | "duration";
  /** What the value is called in the help text. */
  readonly value?: string;
  readonly summary: string;
  /** May be given more than once. */
  readonly many?: boolean;
  readonly fallback?: string;
  /** The only values that it takes. */
  readonly values?: readonly string[];
}

/** One command, as data: its parser, its help text and `help --json` are made from this. */
export interface CommandSpec {
  /** `workflows list`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly flags?: readonly FlagSpec[];
  /** Besides those of every command. */
  readonly exits?: readonly ExitName[];
  readonly load: () => Promise<{ readonly run: Action }>;
}
