// What starts without the sources, into packages/server/dist: `node scripts/run.mjs build-server [--if-stale]`. One bundle split by command,
// the sandbox's own program beside it, and the files that both read at run time. Everything in that folder is made here.
import { cpSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { testFileSchema } from "@millrace/contract";
import { workflowJsonSchema } from "@millrace/nodes/specs";
import { projectSchema } from "../packages/server/src/config/project-schema.ts";
import "./build-console.ts";
import { bundleServer } from "./build/bundle-server.ts";
import { freshBundle, SERVER_BUNDLE } from "./build/server-bundle.ts";

const ROOT = new URL("../", import.meta.url).pathname;

/** Half of a bundle is never where a whole one is looked for. */
const MADE = join(ROOT, "node_modules/.cache/server-dist");

if (!process.argv.includes("--if-stale") || freshBundle() === null) await buildServer();

async function buildServer(): Promise<void> {
  const begun = new Date();
  rmSync(MADE, { recursive: true, force: true });
  await bundleServer(join(ROOT, "packages/server"), MADE);
  cpSync(join(ROOT, "packages/console/dist"), join(MADE, "console"), { recursive: true });
  cpSync(join(ROOT, "docs/errors"), join(MADE, "errors"), { recursive: true });
  // For editors: a project's files name them as `$schema`.
  mkdirSync(join(MADE, "schemas"));
  for (const [name, schema] of Object.entries({ config: projectSchema(), workflow: workflowJsonSchema, test: testFileSchema() }))
    writeFileSync(join(MADE, "schemas", `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
  const dist = dirname(SERVER_BUNDLE);
  rmSync(dist, { recursive: true, force: true });
  renameSync(MADE, dist);
  // Whoever changes a source meanwhile has a stale bundle.
  utimesSync(SERVER_BUNDLE, begun, begun);
}
