import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { LATE_PACKAGES } from "../../packages/server/src/late.ts";

const SHARED = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minifySyntax: true,
  // The text of what is loaded stays in memory. Lines of some length, so that a stack trace still says where.
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: "none",
  // Bundled CommonJS asks for `require`; a published build has no failpoints, and no other bundle.
  banner: { js: 'import { createRequire as millraceRequire } from "node:module"; const require = millraceRequire(import.meta.url);' },
  define: Object.fromEntries(["MILLRACE_FAILPOINTS", "MILLRACE_TEST_BUNDLE"].map((name) => [`process.env.${name}`, "undefined"])),
  logLevel: "warning",
} as const;

/** The framework's compilers of schemas: it asks for them only where it is given none, and it is given others. */
const NEVER_ASKED_FOR = ["@fastify/ajv-compiler", "@fastify/fast-json-stringify-compiler"];

/** Its SQLite store alone, into `dist`; answers the file that exports `openWithoutThreads`, for who opens many. */
export async function bundleStore(server: string, dist: string): Promise<string> {
  const source = (file: string) => join(server, "src/store/sqlite", file);
  await build({ ...SHARED, outdir: dist, entryPoints: { store: source("testing/without-threads.ts") } });
  cpSync(source("migrations"), join(dist, "migrations"), { recursive: true });
  return join(dist, "store.js");
}

/** The server in this folder, into `dist`: one bundle split by command, the programs that it starts beside it, and the files that they read. */
export async function bundleServer(server: string, dist: string): Promise<void> {
  const shared = { ...SHARED, outdir: dist };
  const source = (file: string) => join(server, "src", file);
  const entries = {
    cli: source("cli/main.ts"),
    "backup-worker": source("store/sqlite/backup/backup-worker.ts"),
    "integrity-worker": source("store/sqlite/integrity-worker.ts"),
  };
  // Whole in themselves, the others: of what a thread would share it needs a small part, and its heap is its own.
  const alone = { ...shared, outExtension: { ".js": ".mjs" } };
  await Promise.all([
    build({ ...shared, entryPoints: entries, splitting: true, chunkNames: "[name]-[hash]", external: NEVER_ASKED_FOR }),
    build({ ...shared, entryPoints: { "writer-thread": source("store/sqlite/writer/thread.ts") } }),
    build({ ...alone, entryPoints: { "sandbox-worker": source("sandbox/worker.ts") } }),
    build({ ...alone, entryPoints: { "parse-worker": source("parsing/worker.ts") } }),
    build({ ...alone, entryPoints: { "sqlite-worker": source("databases/sqlite/worker.ts") } }),
  ]);
  writeInAscii(dist);
  const { resolve } = createRequire(join(server, "package.json"));
  const late = Object.fromEntries(LATE_PACKAGES.map((name) => [name, resolve(name)]));
  await build({ ...shared, banner: {}, format: "cjs", outExtension: { ".js": ".cjs" }, entryPoints: late });
  cpSync(resolve("@jitl/quickjs-wasmfile-release-sync/wasm"), join(dist, "sandbox-engine.wasm"));
  cpSync(resolve("minijinja-js/dist/web/minijinja_js_bg.wasm"), join(dist, "template-engine.wasm"));
  cpSync(source("store/sqlite/migrations"), join(dist, "migrations"), { recursive: true });
  cpSync(source("store/postgres/postgres-migrations"), join(dist, "postgres-migrations"), { recursive: true });
}

/**
 * Patterns and templates keep their characters in a bundle; a single one beyond Latin-1, and V8 holds the whole file's text with two bytes a
 * character for as long as the server runs.
 */
function writeInAscii(dist: string): void {
  for (const file of readdirSync(dist).filter((name) => name.endsWith(".js"))) {
    const path = join(dist, file);
    const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    writeFileSync(path, readFileSync(path, "utf8").replace(/[^\0-\x7f]/g, escaped));
  }
}
