import { TerminalError } from "@millrace/engine";
import type { FileParser, ParseCall, ParsedFile } from "@millrace/nodes";
import { type Block, type TextForm, textOfBlocks } from "#parsing/blocks";
import { formatOf, PARSED_FORMATS } from "#parsing/formats";
import { PARSES_AT_ONCE, PARSES_WAITING } from "#parsing/limits";
import { ParseFailure } from "#parsing/parse-failure";
import { parseInProcess } from "#parsing/parse-process";

export type BlocksCall = Omit<ParseCall, "form" | "signal"> & { readonly signal?: AbortSignal };

/** The one reader of files of a server. */
export class ServerFileParser implements FileParser {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  async parse({ form, signal, ...call }: ParseCall): Promise<ParsedFile> {
    const blocks = await this.blocks({ ...call, ...(signal && { signal: signal as AbortSignal }) });
    return {
      text: textOfBlocks(blocks, form),
      pages: pagesOf(blocks, form),
      tables: blocks.flatMap((block) => (block.kind === "table" ? [{ name: block.name, rows: block.rows }] : [])),
    };
  }

  /** What the file says, with its structure. Errors are those of `FileParser`. */
  async blocks({ name, mediaType, content, signal, timeoutMs }: BlocksCall): Promise<readonly Block[]> {
    const format = formatOf(name, mediaType);
    if (!format) throw fileError(name, `its format is not one of ${Object.keys(PARSED_FORMATS).join(", ")}`);
    if (content.length === 0) return [];
    await this.#turn();
    try {
      if (signal?.aborted) throw signal.reason;
      return await parseInProcess(format, content, { timeoutMs, ...(signal && { signal }) });
    } catch (error) {
      throw error instanceof ParseFailure ? fileError(name, error.message) : error;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= PARSES_WAITING)
      throw new TerminalError("limit_exceeded", `More than ${PARSES_WAITING} files wait to be read.`);
    if (this.#running >= PARSES_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }
}

function fileError(name: string, reason: string): TerminalError {
  return new TerminalError("file_error", `${name} cannot be read: ${reason}.`);
}

function pagesOf(blocks: readonly Block[], form: TextForm): readonly string[] {
  const pages: Block[][] = [];
  for (const block of blocks) {
    if (block.kind === "page" || pages.length === 0) pages.push([]);
    if (block.kind !== "page") pages.at(-1)?.push(block);
  }
  return pages.map((page) => textOfBlocks(page, form));
}
