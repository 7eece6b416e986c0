import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { inDirectory } from "#store/sqlite/testing/directory";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/**
 * Opens the store given as argument and says so; the second one finds the mark of an unclean stop, and checks the database first.
 * It writes more than the log may hold: the thread that writes starts the one that copies.
 */
const PROGRAM = `
  import { openSqliteStore } from "#store/sqlite/open";
  const logger = { info: (_, message) => console.log(message), warn: console.error, error: console.error };
  const store = await openSqliteStore({ dataDir: process.argv[2], owner: "bundle", logger });
  const create = (id) => store.workflows.create("default", { id, name: id, document: { text: "t".repeat(1_000_000) }, at: 1 });
  await Promise.all(Array.from({ length: 20 }, (_, index) => create([Date.now(), index].join(" "))));
  console.log((await store.workflows.list("default", { limit: 100 })).length);
  await store.close();
`;

test(
  "the store works from a bundle, with its migrations and the programs of its threads beside it",
  inDirectory(async (directory) => {
    const dist = join(directory, "dist");
    const shared = { bundle: true, platform: "node", format: "esm", outdir: dist, outExtension: { ".js": ".js" } } as const;
    await build({
      ...shared,
      stdin: { contents: PROGRAM, resolveDir: HERE, sourcefile: "program.ts", loader: "ts" },
      entryNames: "program",
    });
    const threads = { "integrity-worker": join(HERE, "integrity-worker.ts"), "writer-thread": join(HERE, "writer/thread.ts") };
    const { metafile } = await build({ ...shared, entryPoints: threads, metafile: true });
    // A start waits for the thread, and from sources a thread loads whatever is imported, used or not.
    assert.deepEqual(
      Object.keys(metafile.inputs).filter((file) => file.includes("node_modules/") || file.endsWith("/src/index.ts")),
      [],
      "the threads load schemas, parsers or whole packages",
    );
    cpSync(join(HERE, "migrations"), join(dist, "migrations"), { recursive: true });
    writeFileSync(join(dist, "package.json"), '{"type":"module"}');
    assert.deepEqual(readdirSync(dist).sort(), ["integrity-worker.js", "migrations", "package.json", "program.js", "writer-thread.js"]);
    const dataDir = join(directory, "data");
    const run = (): string[] =>
      execFileSync(process.execPath, [join(dist, "program.js"), dataDir], { encoding: "utf8" })
        .trim()
        .split("\n");
    assert.deepEqual(run(), ["20"]);
    assert.equal(existsSync(join(dataDir, "running")), false);
    writeFileSync(join(dataDir, "running"), "");
    assert.deepEqual(run(), ["the database was checked after an unclean stop", "40"]);
  }),
);
