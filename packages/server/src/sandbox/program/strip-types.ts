import type { Options } from "sucrase";
import { late } from "#late";
import { CodeProblemError } from "#sandbox/program/problem";

const sucrase = late<typeof import("sucrase")>("sucrase");

/** Characters that the stripper may look at, per character of source. Ordinary code needs 3 to 4. */
const FUEL_PER_CHAR = 60;
const FUEL_BASE = 10_000;

const OPTIONS: Options = { transforms: ["typescript"], disableESTransforms: true, keepUnusedImports: true };

/**
 * Removes types, keeps every line where it was.
 * Throws `CodeProblemError`, and the engine's `RangeError` for code that is nested too deeply.
 */
export function stripTypes(code: string): string {
  const text = new FuelledText(code);
  try {
    // The stripper only calls methods of the text; FuelledText has them all.
    return sucrase().transform(text as unknown as string, OPTIONS).code;
  } catch (error) {
    if (error instanceof RangeError || error instanceof CodeProblemError) throw error;
    throw new CodeProblemError(problemOf(error));
  }
}

/**
 * A text that counts how often its characters are looked at. The stripper reads arrow functions that stand in the defaults of other arrow
 * functions twice per level: 30 levels, 250 characters, would keep the server busy for ever.
 */
class FuelledText extends String {
  private fuel: number;

  constructor(text: string) {
    super(text);
    this.fuel = FUEL_BASE + FUEL_PER_CHAR * text.length;
  }

  override charCodeAt(index: number): number {
    if (--this.fuel < 0)
      throw new CodeProblemError({ message: "the code nests functions in a way that takes too long to read", line: 1, column: 1 });
    return super.charCodeAt(index);
  }
}

const LOCATED = /^(?:Error transforming [^:]*: )?(.*?) \((\d+):(\d+)\)$/s;

function problemOf(error: unknown): { message: string; line: number; column: number } {
  const text = error instanceof Error ? error.message : String(error);
  const [, message, line, column] = LOCATED.exec(text) ?? [];
  if (message === undefined) return { message: text, line: 1, column: 1 };
  return { message, line: Number(line), column: Number(column) };
}
