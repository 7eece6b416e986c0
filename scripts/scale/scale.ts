import { useBuild } from "../promises/harness/server-process.ts";
import { SCENARIOS } from "./scenarios.ts";

// npm run scale -- <name> [number …]   What the forms with several processes promise, with figures, on servers of its own.
const [name = "", ...given] = process.argv.slice(2);
const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
const numbers = given.map(Number);
if (!scenario || numbers.some((number) => !Number.isSafeInteger(number) || number < 1)) {
  process.stderr.write(`npm run scale -- <name> [number …]\n\n${usage()}\n`);
  process.exit(2);
}
useBuild();
process.exitCode = (await scenario.run(...numbers)) ? 0 : 3;

function usage(): string {
  return Object.entries(SCENARIOS)
    .map(([one, { numbers: names, shows }]) => `  ${[one, ...names.map((each) => `[${each}]`)].join(" ").padEnd(30)} ${shows}`)
    .join("\n");
}
