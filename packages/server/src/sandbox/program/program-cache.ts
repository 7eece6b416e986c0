import { Lru } from "#sandbox/lru";
import { inputNames } from "#sandbox/program/input-names";
import { type CodeLanguage, type PreparedCode, prepareCode } from "#sandbox/program/prepare";
import { CodeProblemError } from "#sandbox/program/problem";
import { wrap } from "#sandbox/program/wrap";

/** A text that sandbox processes compile, or a template. The object is its identity: equal code gives the same one while the cache holds it. */
export interface SandboxProgram {
  readonly text: string;
  readonly isTemplate?: true;
}

interface Known {
  readonly code: PreparedCode;
  /** By the names of the inputs that the body sees. */
  readonly programs: Lru<string, SandboxProgram>;
}

/** Codes that are kept read: at most 256 x 64 Ki characters, some MB in practice. */
const MAX_CODES = 256;

/** Sets of input names per code. The same node always sends the same names; more sets mean names made from data. */
const MAX_NAME_SETS = 16;

/**
 * Reads each code once. The key is the whole source: its hash is kept by the string itself, and two tenants with the same source share
 * nothing but the text, because every call starts from the snapshot that was taken before any call.
 */
export class ProgramCache {
  private readonly known = {
    javascript: new Lru<string, Known | CodeProblemError>(MAX_CODES),
    typescript: new Lru<string, Known | CodeProblemError>(MAX_CODES),
  };

  private readonly templates = new Lru<string, SandboxProgram>(MAX_CODES);

  /** A template is read where it is rendered. */
  template(text: string): SandboxProgram {
    const known = this.templates.get(text);
    if (known) return known;
    const program: SandboxProgram = { text, isTemplate: true };
    this.templates.set(text, program);
    return program;
  }

  /** Throws `CodeProblemError`. */
  find(language: CodeLanguage, code: string, inputs: object): SandboxProgram {
    const known = this.known[language].get(code) ?? this.read(language, code);
    if (known instanceof CodeProblemError) throw known;
    const names = known.code.entry.form === "body" ? inputNames(inputs, known.code.mentioned) : [];
    const key = names.join(",");
    return known.programs.get(key) ?? this.add(known, key, names);
  }

  private read(language: CodeLanguage, code: string): Known | CodeProblemError {
    const known = readOrProblem(language, code);
    this.known[language].set(code, known);
    return known;
  }

  private add(known: Known, key: string, names: readonly string[]): SandboxProgram {
    const program = { text: wrap(known.code, names) };
    known.programs.set(key, program);
    return program;
  }
}

function readOrProblem(language: CodeLanguage, code: string): Known | CodeProblemError {
  try {
    return { code: prepareCode(language, code), programs: new Lru(MAX_NAME_SETS) };
  } catch (error) {
    if (error instanceof CodeProblemError) return error;
    throw error;
  }
}
