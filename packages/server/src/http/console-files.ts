import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

export type Encoding = "br" | "gzip" | "identity";

const COMPRESS = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;

/** What is served, by the end of a file's name; other files of the folders (tests, types) are not. */
const TYPES: { readonly [extension: string]: string } = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
};

/** Hexadecimal characters of a content hash: 64 bits tell the files of a few releases apart. */
const HASH_CHARACTERS = 16;

/** The page names its files relatively; they lie at the address of the folder, which has the hash of all files in it. */
const RELATIVE = /(?<=\s(?:src|href)=")\.\//g;

/** One file in memory. Its compressed forms are made when somebody asks for them, once. */
export class ConsoleFile {
  readonly type: string;
  readonly hash: string;
  readonly #bytes: Buffer;
  readonly #bodies = new Map<Encoding, Promise<Buffer>>();

  constructor(type: string, bytes: Buffer) {
    this.type = type;
    this.hash = hashOf([bytes]);
    this.#bytes = bytes;
  }

  body(encoding: Encoding): Promise<Buffer> {
    const body = this.#bodies.get(encoding) ?? this.#compress(encoding);
    this.#bodies.set(encoding, body);
    return body;
  }

  async #compress(encoding: Encoding): Promise<Buffer> {
    return encoding === "identity" ? this.#bytes : COMPRESS[encoding](this.#bytes);
  }
}

export interface ConsoleFiles {
  /** The one page; its scripts look at the address. */
  readonly page: ConsoleFile;
  /** `<hash of all>/<path in the folder>` -> file: the address changes when any of them does. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
  /** `<language>/<error page>` (`ja/llm_auth`) -> its Markdown. */
  readonly errors: ReadonlyMap<string, ConsoleFile>;
}

export async function readConsoleFiles(): Promise<ConsoleFiles> {
  const { console, errors } = folders();
  const [files, pages] = await Promise.all([readFolder(console), readFolder(errors)]);
  const hash = hashOf([...files].flat());
  const page = (files.get("index.html") ?? missing(console)).toString("utf8").replaceAll(RELATIVE, `/console/${hash}/`);
  files.delete("index.html");
  return {
    page: new ConsoleFile(typeOf("index.html"), Buffer.from(page)),
    assets: new Map([...files].map(([path, bytes]) => [`${hash}/${path}`, new ConsoleFile(typeOf(path), bytes)])),
    errors: new Map([...pages].map(([path, bytes]) => [pageName(path), new ConsoleFile(typeOf(path), bytes)])),
  };
}

/** The pages in English lie in the folder itself, the other languages in folders of their own. */
function pageName(path: string): string {
  const name = path.replace(/\.md$/, "");
  return name.includes("/") ? name : `en/${name}`;
}

/** From sources the folders lie where they are written or built; a bundle has them beside it, where the build step puts them. */
function folders(): { readonly console: URL; readonly errors: URL } {
  const { url } = import.meta;
  if (!url.endsWith(".ts")) return { console: new URL("./console/", url), errors: new URL("./errors/", url) };
  return {
    console: new URL("./dist/", import.meta.resolve("@millrace/console/package.json")),
    errors: new URL("../../../../docs/errors/", url),
  };
}

/** Path in the folder, with slashes -> bytes, in the order of the paths. */
async function readFolder(folder: URL): Promise<Map<string, Buffer>> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.map((name) => name.replaceAll("\\", "/")).filter((path) => typeOf(path) !== "");
  return new Map(await Promise.all(paths.sort().map(async (path) => [path, await readFile(new URL(path, folder))] as const)));
}

function typeOf(path: string): string {
  return TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "";
}

function hashOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, HASH_CHARACTERS);
}

function missing(folder: URL): never {
  throw new Error(`the console has no index.html in ${folder.href}: build it (npm run build:console), or install the package anew`);
}
