// Bundles the console into packages/console/dist, which the server reads: `node scripts/run.mjs build-console [--if-stale]`.
import { join } from "node:path";
import { build } from "vite";
import { isStale } from "./build/stale.ts";

const packages = new URL("../packages/", import.meta.url).pathname;

/** What goes into the bundle. */
const SOURCES = [
  "console/src",
  "console/public",
  "console/index.html",
  "console/vite.config.ts",
  "contract/src",
  "engine/src",
  "nodes/src",
].map((source) => join(packages, source));

if (!process.argv.includes("--if-stale") || isStale(join(packages, "console/dist/index.html"), SOURCES))
  await build({ root: join(packages, "console"), logLevel: "warn" });
