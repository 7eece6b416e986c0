import type { Span } from "#expression/ast";
import type { ExpressionProblem } from "#expression/scope";

/** Collects the problems of one expression; offsets are moved to those of the whole string. */
export class Problems {
  readonly found: ExpressionProblem[] = [];

  add(code: string, span: Span, message: string, hint?: string): void {
    const problem = { code, message, start: span.start, end: span.end };
    this.found.push(hint === undefined ? problem : { ...problem, hint });
  }

  get none(): boolean {
    return this.found.length === 0;
  }
}
