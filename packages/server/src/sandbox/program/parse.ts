import { type Options, type Program, parse } from "acorn";
import { CodeProblemError } from "#sandbox/program/problem";

const OPTIONS: Options = { ecmaVersion: "latest", allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true };

export interface Parsed {
  readonly tree: Program;
  /** Has `export`: strict, and the exports are read. */
  readonly isModule: boolean;
}

/** Reads JavaScript as a script, or as a module when it has `import` or `export`. Throws `CodeProblemError`. */
export function parseCode(code: string): Parsed {
  try {
    return { tree: parse(code, { ...OPTIONS, sourceType: "script" }), isModule: false };
  } catch (error) {
    if (!isSyntaxError(error)) throw error;
    if (!/'import' and 'export' may (?:only )?appear only/.test(error.message)) throw asProblem(error);
  }
  return { tree: parseModule(code), isModule: true };
}

function parseModule(code: string): Program {
  try {
    return parse(code, { ...OPTIONS, sourceType: "module" });
  } catch (error) {
    throw isSyntaxError(error) ? asProblem(error) : error;
  }
}

interface LocatedSyntaxError extends SyntaxError {
  readonly loc: { readonly line: number; readonly column: number };
}

function isSyntaxError(error: unknown): error is LocatedSyntaxError {
  return error instanceof SyntaxError && "loc" in error;
}

function asProblem(error: LocatedSyntaxError): CodeProblemError {
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  return new CodeProblemError({ message, line: error.loc.line, column: error.loc.column + 1 });
}
