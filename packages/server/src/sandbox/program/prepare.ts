import type { SandboxCall } from "@millrace/nodes";
import { MAX_CODE_CHARS } from "#sandbox/limits";
import { type Edit, type Entry, findEntry } from "#sandbox/program/entry";
import { parseCode } from "#sandbox/program/parse";
import { type CodeProblem, CodeProblemError } from "#sandbox/program/problem";
import { stripTypes } from "#sandbox/program/strip-types";
import { survey } from "#sandbox/program/walk";

export type CodeLanguage = SandboxCall["language"];

/** Code that was read once: how to enter it and what it mentions. */
export interface PreparedCode {
  readonly source: string;
  readonly entry: Entry;
  readonly isStrict: boolean;
  readonly isAsync: boolean;
  readonly mentioned: ReadonlySet<string>;
}

/** Reads code without running it. Throws `CodeProblemError`. */
export function prepareCode(language: CodeLanguage, code: string): PreparedCode {
  if (code.length > MAX_CODE_CHARS) throw tooLong(code.length);
  try {
    return read(language === "typescript" ? stripTypes(code) : code);
  } catch (error) {
    throw error instanceof RangeError ? tooDeep() : error;
  }
}

/**
 * Finds the reasons why code cannot run, without running it: none or one, as the reader stops at the first.
 * Not found here: what only the engine refuses, and every fault of a run.
 */
export function checkCode(language: CodeLanguage, code: string): CodeProblem[] {
  try {
    prepareCode(language, code);
    return [];
  } catch (error) {
    if (error instanceof CodeProblemError) return [error.problem];
    throw error;
  }
}

function read(code: string): PreparedCode {
  const { tree, isModule } = parseCode(code);
  const { entry, edits } = findEntry(tree, code);
  const { identifiers, returns, awaits } = survey(tree);
  return {
    source: applyEdits(code, edits),
    // A source with its own `return` says itself what its result is, whatever it declares.
    entry: returns ? { form: "body" } : entry,
    isStrict: isModule,
    isAsync: awaits,
    mentioned: identifiers,
  };
}

/** Replaces ranges and keeps their line feeds, so that every line keeps its number. */
function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const { start, end, text } of edits) {
    const lineFeeds = source.slice(start, end).replace(/[^\n]+/g, "");
    result += source.slice(from, start) + text + lineFeeds;
    from = end;
  }
  return result + source.slice(from);
}

function tooLong(length: number): CodeProblemError {
  const message = `the code has ${length} characters; at most ${MAX_CODE_CHARS} are allowed`;
  return new CodeProblemError({ message, line: 1, column: 1 });
}

function tooDeep(): CodeProblemError {
  return new CodeProblemError({ message: "the code is nested too deeply to be read", line: 1, column: 1 });
}
