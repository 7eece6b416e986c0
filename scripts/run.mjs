// Runs a script of this folder with the Node that the project pins: `node scripts/run.mjs check-lock`.
// npm 11 puts that Node into node_modules/.bin. npm 10 takes it out again, because the packages of the other platforms
// name the same command; so this file parses on older Nodes and finds the binary itself.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

const [name, ...options] = process.argv.slice(2);
if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  await runHere();
} else {
  runWith(pinnedNode());
}

/** What the script starts by the name of `node` is this Node too. */
async function runHere() {
  process.env.PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`;
  const script = new URL(`${name}.ts`, import.meta.url);
  process.argv = [process.execPath, fileURLToPath(script), ...options];
  await import(script.href);
}

function runWith(node) {
  const { status, signal } = spawnSync(node, [fileURLToPath(import.meta.url), name, ...options], { stdio: "inherit" });
  process.exit(signal === null ? status : 1);
}

function pinnedNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  const node = fileURLToPath(new URL(`../node_modules/node-${platform}-${process.arch}/bin/${file}`, import.meta.url));
  if (existsSync(node)) return node;
  console.error(
    `This is Node ${process.versions.node}; the scripts need Node ${NEEDED}. Run \`npm ci\`, or install it from https://nodejs.org.`,
  );
  process.exit(1);
}
