export interface GateArguments {
  /** Only the static checks, no tests. */
  readonly staticOnly: boolean;
  /** Paths, folders, globs or parts of a path; with any, the static checks are left out. */
  readonly patterns: readonly string[];
  /** Handed to `node --test` as they are, such as `--test-name-pattern=…`. */
  readonly nodeOptions: readonly string[];
}

export function parseArguments(argv: readonly string[]): GateArguments {
  const options = argv.filter((argument) => argument.startsWith("-"));
  const nodeOptions = options.filter((option) => option !== "--static");
  const foreign = nodeOptions.find((option) => !option.startsWith("--test-"));
  if (foreign !== undefined)
    throw new Error(`unknown option ${foreign}; known are --static and node's --test-… options, written --name=value`);
  return {
    staticOnly: options.includes("--static"),
    patterns: argv.filter((argument) => !argument.startsWith("-")),
    nodeOptions,
  };
}
