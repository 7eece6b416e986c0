import type { Json, JsonObject } from "@millrace/contract";
import type { DatabaseRows } from "@millrace/nodes";

/** Collects the rows of one answer, up to its bounds. */
export class RowCollector {
  readonly #rows: JsonObject[] = [];
  readonly #maxRows: number;
  readonly #maxBytes: number;
  #bytes = 0;
  #truncated = false;

  constructor(maxRows: number, maxBytes: number) {
    this.#maxRows = maxRows;
    this.#maxBytes = maxBytes;
  }

  /** False: there is no room for the row, nor for any other. */
  add(columns: readonly string[], values: readonly Json[]): boolean {
    if (this.#rows.length >= this.#maxRows) return this.#full();
    // Of two columns of one name the last one counts, as in every driver.
    const row = Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]));
    const bytes = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (this.#bytes + bytes > this.#maxBytes) return this.#full();
    this.#bytes += bytes;
    this.#rows.push(row);
    return true;
  }

  #full(): boolean {
    this.#truncated = true;
    return false;
  }

  /** `changed`: rows that a statement without an answer has changed. */
  answer(columns: readonly string[], changed = 0): DatabaseRows {
    const rowCount = columns.length > 0 ? this.#rows.length : changed;
    return { rows: this.#rows, rowCount, columns: [...columns], truncated: this.#truncated };
  }
}
