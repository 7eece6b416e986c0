// Every generated thing equals what its generator makes now. A generator is a script gen-*.ts that knows --check.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const generators = [...globSync("{scripts,packages/*/scripts}/gen-*.ts").sort(), "scripts/rooms.ts"];
const stale = generators.filter((script) => spawnSync(process.execPath, [script, "--check"], { stdio: "inherit" }).status !== 0);

console.log(`${generators.length} generators, ${stale.length} with stale output`);
if (stale.length > 0) process.exitCode = 1;
