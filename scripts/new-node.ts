// `npm run new-node NAME`: makes packages/nodes/src/NAME with all the parts of a node type. It works at once and passes a text on;
// what it shall do instead is written over that.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nameProblem, nodeFiles } from "./new-node/files.ts";

const NODES = "packages/nodes";

const name = process.argv[2] ?? "";
const folder = join(NODES, "src", name);
const problem = nameProblem(name) ?? (existsSync(folder) ? `${folder} is there already` : undefined);
if (problem === undefined) make();
else {
  console.error(`${problem}; usage: npm run new-node NAME`);
  process.exitCode = 1;
}

function make(): void {
  for (const [path, text] of nodeFiles(name)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(file);
  }
  const { status } = spawnSync(process.execPath, [join(NODES, "scripts/gen-nodes.ts")], { stdio: "inherit" });
  if (status !== 0) throw new Error("the registries of the node types were not generated");
  console.log(`\nNow: name "${name}" in NODE_TYPES of packages/contract/src/workflow.ts, if it is not there,`);
  console.log("write what the node does, and run: npm test -- node-folders");
}
