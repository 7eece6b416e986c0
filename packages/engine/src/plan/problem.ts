import { inWords, type Said, type Words } from "@millrace/contract";

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

/** A problem as it is found, before it is told in a language. */
export interface SaidProblem extends Omit<Problem, "message" | "hint"> {
  readonly message: Said;
  readonly hint?: Said;
}

export type ProblemDetails = Partial<Pick<SaidProblem, "hint" | "nodeId" | "start" | "end" | "level">>;

/** Collects the problems of one document. */
export class Problems {
  readonly list: Problem[] = [];
  /** Of the language that they are told in; absent: English. */
  readonly words: Words | undefined;

  constructor(words?: Words) {
    this.words = words;
  }

  add(code: string, path: string, message: Said, details: ProblemDetails = {}): void {
    this.tell({ code, level: "error", path, message, ...details });
  }

  tell({ message, hint, ...problem }: SaidProblem): void {
    const said = { ...problem, message: inWords(message, this.words) };
    this.list.push(hint === undefined ? said : { ...said, hint: inWords(hint, this.words) });
  }

  get failed(): boolean {
    return this.list.some((problem) => problem.level === "error");
  }
}
