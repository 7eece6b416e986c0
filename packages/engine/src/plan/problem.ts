/** One fault of a document. All are collected; a document with an `error` cannot be published. */
export interface Problem {
  /** Stable word: `unknown_variable`, `cycle`, … */
  readonly code: string;
  readonly level: "error" | "warning";
  /** JSON pointer of the value at fault. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  readonly nodeId?: string;
  /** Offsets within the string at `path`, where the fault lies inside an expression. */
  readonly start?: number;
  readonly end?: number;
}

export type ProblemDetails = Partial<Pick<Problem, "hint" | "nodeId" | "start" | "end" | "level">>;

/** Collects the problems of one document. */
export class Problems {
  readonly list: Problem[] = [];

  add(code: string, path: string, message: string, details: ProblemDetails = {}): void {
    this.list.push({ code, level: "error", path, message, ...details });
  }

  get failed(): boolean {
    return this.list.some((problem) => problem.level === "error");
  }
}
