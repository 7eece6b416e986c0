import type { Output } from "#cli/output";

/** What every command is given: where the server is, how to speak, and to whom. Made from flags, environment and files. */
export interface CliContext {
  readonly output: Output;
  readonly endpoint: string;
  /** Key of the run API or of the management API; null: none is known. */
  readonly apiKey: string | null;
  readonly verbose: boolean;
  /** ms for one request. */
  readonly timeoutMs: number;
  /** Are prompts allowed? */
  readonly interactive: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
}
