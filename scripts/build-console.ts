// Bundles the console into packages/console/dist, which the server reads: `node scripts/run.mjs build-console [--if-stale]`.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const root = new URL("../", import.meta.url).pathname;
const consoleFolder = join(root, "packages/console");

/** What goes into the bundle. */
const SOURCES = [
  "console/src",
  "console/public",
  "console/index.html",
  "console/vite.config.ts",
  "contract/src",
  "engine/src",
  "nodes/src",
];

if (!process.argv.includes("--if-stale") || isStale()) await build({ root: consoleFolder, logLevel: "warn" });

function isStale(): boolean {
  const built = changedAt(join(consoleFolder, "dist/index.html"));
  return SOURCES.some((source) => newestIn(join(root, "packages", source)) > built);
}

/** Epoch milliseconds; 0 where there is no such file. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestIn(path: string): number {
  if (!statSync(path).isDirectory()) return changedAt(path);
  const entries = readdirSync(path, { recursive: true, encoding: "utf8" });
  return Math.max(0, ...entries.map((entry) => changedAt(join(path, entry))));
}
