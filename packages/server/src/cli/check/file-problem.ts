/** One thing that is wrong with a file, and where. */
export interface FileProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly code: string;
  readonly level: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
  readonly nodeId?: string;
}

/** `file:line:col code: message (hint)`. */
export function problemLine({ file, line, column, code, level, message, hint }: FileProblem): string {
  const prefix = level === "warning" ? "warning " : "";
  return `${file}:${line}:${column} ${prefix}${code}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
}
