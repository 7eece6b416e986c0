import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, utimesSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "#files";
import type { MovedKey } from "#store/sql/movable";
import { number, type Row, text } from "#store/sql/rows";

const NAME = /^[0-9a-f]{64}$/;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** The columns that large values have where they are rows. */
export const FILE_COLUMNS = ["sha256", "content", "needed_at"] as const;

/** Files of large values as rows, in the order of their names. */
export class MovedFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  count(): number {
    return this.#folders().reduce((sum, folder) => sum + this.#names(folder).length, 0);
  }

  read(after: MovedKey | null, limit: number): readonly Row[] {
    const last = String(after?.[0] ?? "");
    const rows: Row[] = [];
    for (const folder of this.#folders().filter((name) => name >= last.slice(0, 2))) {
      for (const name of this.#names(folder).filter((one) => one > last)) {
        rows.push(this.#row(join(this.#directory, folder, name), name));
        if (rows.length === limit) return rows;
      }
    }
    return rows;
  }

  /** Resolves when they are durable: only then may it be noted that they are here. */
  async write(rows: readonly Row[]): Promise<void> {
    for (const row of rows) await this.#write(text(row, "sha256"), row);
  }

  async #write(name: string, row: Row): Promise<void> {
    const folder = join(this.#directory, name.slice(0, 2));
    const path = join(folder, name);
    mkdirSync(folder, { recursive: true, mode: PRIVATE_DIRECTORY });
    {
      await using file = await open(`${path}.tmp`, "w", PRIVATE_FILE);
      await file.writeFile(row["content"] as Uint8Array);
      await file.sync();
    }
    const seconds = number(row, "needed_at") / 1_000;
    utimesSync(`${path}.tmp`, seconds, seconds);
    renameSync(`${path}.tmp`, path);
    await syncDirectory(folder);
    await syncDirectory(this.#directory);
  }

  #folders(): readonly string[] {
    return readdirSync(this.#directory).toSorted();
  }

  /** A file that was being written when its process died is none yet. */
  #names(folder: string): readonly string[] {
    return readdirSync(join(this.#directory, folder))
      .filter((name) => NAME.test(name))
      .toSorted();
  }

  #row(path: string, sha256: string): Row {
    return { sha256, content: readFileSync(path), needed_at: Math.round(statSync(path).mtimeMs) };
  }
}
