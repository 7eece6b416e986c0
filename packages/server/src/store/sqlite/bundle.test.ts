import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { inDirectory } from "#store/sqlite/testing/directory";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Opens the store given as argument and says so; the second one finds the mark of an unclean stop, and checks the database first. */
const PROGRAM = `
  import { openSqliteStore } from "#store/sqlite/open";
  const logger = { info: (_, message) => console.log(message), warn: console.error, error: console.error };
  const store = await openSqliteStore({ dataDir: process.argv[2], owner: "bundle", logger });
  await store.workflows.create("default", { id: String(Date.now()), name: String(Date.now()), document: {}, at: 1 });
  console.log((await store.workflows.list("default", { limit: 10 })).length);
  await store.close();
`;

test(
  "the store works from a bundle, with its migrations and its worker beside it",
  inDirectory(async (directory) => {
    const dist = join(directory, "dist");
    const shared = { bundle: true, platform: "node", format: "esm", outdir: dist, outExtension: { ".js": ".js" } } as const;
    await build({
      ...shared,
      stdin: { contents: PROGRAM, resolveDir: HERE, sourcefile: "program.ts", loader: "ts" },
      entryNames: "program",
    });
    await build({ ...shared, entryPoints: [join(HERE, "integrity-worker.ts")] });
    cpSync(join(HERE, "migrations"), join(dist, "migrations"), { recursive: true });
    writeFileSync(join(dist, "package.json"), '{"type":"module"}');
    assert.deepEqual(readdirSync(dist).sort(), ["integrity-worker.js", "migrations", "package.json", "program.js"]);
    const dataDir = join(directory, "data");
    const run = (): string[] =>
      execFileSync(process.execPath, [join(dist, "program.js"), dataDir], { encoding: "utf8" })
        .trim()
        .split("\n");
    assert.deepEqual(run(), ["1"]);
    assert.equal(existsSync(join(dataDir, "running")), false);
    writeFileSync(join(dataDir, "running"), "");
    assert.deepEqual(run(), ["the database was checked after an unclean stop", "2"]);
  }),
);
