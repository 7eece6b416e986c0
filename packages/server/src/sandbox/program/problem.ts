/** One reason why code cannot run, found without running it. */
export interface CodeProblem {
  readonly message: string;
  /** From 1, in the source as the author wrote it. */
  readonly line: number;
  /** From 1, in UTF-16 units. In TypeScript it is the column after the types were removed, which may be to the left. */
  readonly column: number;
}

export class CodeProblemError extends Error {
  readonly problem: CodeProblem;
  constructor(problem: CodeProblem) {
    super(problem.message);
    this.name = "CodeProblemError";
    this.problem = problem;
  }
}
