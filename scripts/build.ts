import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { testFileSchema } from "@millrace/contract";
import { workflowJsonSchema } from "@millrace/nodes/specs";
import { build } from "esbuild";
import { projectSchema } from "../packages/server/src/config/project-schema.ts";
import { buildSdk } from "./sdk/build-sdk.ts";

// npm run build: what is published and started. One bundle split by command, the sandbox's own program beside it, and the files that
// both read at run time. Everything in packages/server/dist is made here.
const server = new URL("../packages/server/", import.meta.url).pathname;
const dist = join(server, "dist");
const { version } = JSON.parse(readFileSync(join(server, "package.json"), "utf8")) as { version: string };

rmSync(dist, { recursive: true, force: true });

const shared = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minifySyntax: true,
  // The text of what is loaded stays in memory. Lines of some length, so that a stack trace still says where.
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: "none",
  outdir: dist,
  // Bundled CommonJS asks for `require`; a published build has no failpoints.
  banner: { js: 'import { createRequire as millraceRequire } from "node:module"; const require = millraceRequire(import.meta.url);' },
  define: { 'process.env["MILLRACE_FAILPOINTS"]': "undefined", "process.env.MILLRACE_FAILPOINTS": "undefined" },
  logLevel: "warning",
} as const;

const entries = {
  cli: join(server, "src/cli/main.ts"),
  "backup-worker": join(server, "src/store/sqlite/backup/backup-worker.ts"),
  "integrity-worker": join(server, "src/store/sqlite/integrity-worker.ts"),
};
await build({ ...shared, entryPoints: entries, splitting: true, chunkNames: "[name]-[hash]" });
// Whole in itself: of what it would share with the others a thread needs a small part, and its heap is its own.
await build({ ...shared, entryPoints: { "writer-thread": join(server, "src/store/sqlite/writer/thread.ts") } });
await build({ ...shared, entryPoints: { "sandbox-worker": join(server, "src/sandbox/worker.ts") }, outExtension: { ".js": ".mjs" } });

await build({ ...shared, entryPoints: { "parse-worker": join(server, "src/parsing/worker.ts") }, outExtension: { ".js": ".mjs" } });
await build({
  ...shared,
  entryPoints: { "sqlite-worker": join(server, "src/databases/sqlite/worker.ts") },
  outExtension: { ".js": ".mjs" },
});

const engine = createRequire(join(server, "package.json")).resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
cpSync(engine, join(dist, "sandbox-engine.wasm"));
const templateEngine = createRequire(join(server, "package.json")).resolve("minijinja-js/dist/web/minijinja_js_bg.wasm");
cpSync(templateEngine, join(dist, "template-engine.wasm"));
cpSync(join(server, "src/store/sqlite/migrations"), join(dist, "migrations"), { recursive: true });
cpSync(join(server, "src/store/postgres/postgres-migrations"), join(dist, "postgres-migrations"), { recursive: true });
await import("./build-console.ts");
cpSync(new URL("../packages/console/dist/", import.meta.url).pathname, join(dist, "console"), { recursive: true });
cpSync(new URL("../docs/errors/", import.meta.url).pathname, join(dist, "errors"), { recursive: true });

// For editors: a project's files name them as `$schema`.
mkdirSync(join(dist, "schemas"));
for (const [name, schema] of Object.entries({ config: projectSchema(), workflow: workflowJsonSchema, test: testFileSchema() }))
  writeFileSync(join(dist, "schemas", `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
process.stdout.write(`built ${version} into packages/server/dist\n`);

const sdk = await buildSdk(new URL("../packages/sdk/dist/", import.meta.url).pathname);
process.stdout.write(`built @millrace/sdk into packages/sdk/dist: ${sdk.bytes} bytes, ${sdk.gzipBytes} compressed\n`);
