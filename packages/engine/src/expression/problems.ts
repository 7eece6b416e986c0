import { inWords, type Said, type Words } from "@millrace/contract";
import type { Span } from "#expression/ast";
import type { ExpressionProblem } from "#expression/scope";

/** Looking for similar names takes time; nobody reads the hints of more problems than these. */
const MAX_SUGGESTIONS = 20;

/** Collects the problems of one text, with offsets in it. */
export class Problems {
  readonly found: ExpressionProblem[] = [];
  /** Of the language that they are told in; absent: English. */
  readonly words: Words | undefined;
  private suggestions = 0;

  constructor(words?: Words) {
    this.words = words;
  }

  add(code: string, span: Span, message: Said, hint?: Said): void {
    const problem = { code, message: inWords(message, this.words), start: span.start, end: span.end };
    this.found.push(hint === undefined ? problem : { ...problem, hint: inWords(hint, this.words) });
  }

  /** As `add`, with a hint that is worth looking for in the first few problems only. */
  addSuggesting(code: string, span: Span, message: Said, suggest: () => Said | undefined): void {
    this.add(code, span, message, this.suggestions++ < MAX_SUGGESTIONS ? suggest() : undefined);
  }

  get none(): boolean {
    return this.found.length === 0;
  }
}
