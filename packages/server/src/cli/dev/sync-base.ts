import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalText, isJsonObject, type JsonObject } from "@millrace/contract";

const NAME = "flows.json";

/** What each file and its draft said when they last said the same: kept in the data directory, so that a restart forgets no conflict. */
export class SyncBase {
  readonly #file: string;
  readonly #digests: Map<string, string>;

  constructor(dataDir: string) {
    this.#file = join(dataDir, NAME);
    this.#digests = new Map(Object.entries(readDigests(this.#file)));
  }

  get(path: string): string | undefined {
    return this.#digests.get(path);
  }

  set(path: string, digest: string): void {
    if (this.#digests.get(path) === digest) return;
    this.#digests.set(path, digest);
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(Object.fromEntries(this.#digests))}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Equal for documents that say the same, places of nodes included. */
export function digestOf(document: JsonObject): string {
  return createHash("sha256")
    .update(canonicalText(document))
    .update(JSON.stringify(document["layout"] ?? null))
    .digest("hex");
}

/** A file that is not there, or not what it was, is as good as none. */
function readDigests(file: string): { readonly [path: string]: string } {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isJsonObject(value) ? (value as { readonly [path: string]: string }) : {};
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
