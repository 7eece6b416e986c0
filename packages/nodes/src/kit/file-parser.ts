import type { CancelSignal } from "#kit/capabilities";

/**
 * Reads what files say, away from everything else and within bounds of time, memory and size. Throws `TerminalError` file_error, which names
 * the file and the reason; limit_exceeded where too many files wait.
 */
export interface FileParser {
  parse(call: ParseCall): Promise<ParsedFile>;
}

export interface ParseCall {
  /** Its extension says the format. */
  readonly name: string;
  /** Says the format where the name does not. */
  readonly mediaType: string | null;
  readonly content: Uint8Array;
  readonly form: "markdown" | "text";
  readonly signal?: CancelSignal;
  /** null: the server's own limit. */
  readonly timeoutMs: number | null;
}

export interface ParsedFile {
  readonly text: string;
  /** Texts of the pages, slides or sheets; one for a format without pages. */
  readonly pages: readonly string[];
  readonly tables: readonly ParsedTable[];
}

export interface ParsedTable {
  /** Of the sheet; null: tables of this format have no name. */
  readonly name: string | null;
  /** The first row has the names of the columns. */
  readonly rows: readonly (readonly string[])[];
}
