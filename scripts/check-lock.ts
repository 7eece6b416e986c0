// package-lock.json: complete for every platform, from the public registry only, exact versions, no install scripts.
import { readFileSync } from "node:fs";
import { type Lock, lockProblems } from "./lock/problems.ts";

const lock: Lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const problems = lockProblems(lock);
for (const problem of problems) console.error(`package-lock.json: ${problem}`);
console.log(`${Object.keys(lock.packages).length} entries, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
