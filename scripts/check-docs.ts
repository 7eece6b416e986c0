// The documents: every relative link leads somewhere, the index of docs/ has every page of it, and CI runs what the README tells a reader to run.
import { existsSync, globSync, readFileSync } from "node:fs";
import { brokenLinks, unlisted } from "./docs/links.ts";

const PAGES = "{*.md,{deploy,docs,examples,packages}/**/*.md}";
/** The two commands of the README; `.ci/run` is the second. */
const START = "npm ci && npm start";
const TEST = "npm ci && npm test";

const paths = globSync(PAGES, { exclude: ["**/node_modules/**", "**/dist/**"] }).map((path) => path.replaceAll("\\", "/"));
const pages = new Map(paths.sort().map((path) => [path, readFileSync(path, "utf8")]));
const problems = [...brokenLinks(pages, existsSync), ...unlisted(pages, "docs/README.md"), ...commandProblems()];
for (const problem of problems) console.error(problem);
console.log(`${pages.size} pages, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;

function commandProblems(): string[] {
  const readme = pages.get("README.md") ?? "";
  const missing = [START, TEST].filter((command) => !readme.includes(command)).map((command) => `README.md does not show \`${command}\``);
  const runsTest = readFileSync(".ci/run", "utf8").trimEnd().endsWith(`\n${TEST}`);
  return runsTest ? missing : [...missing, `.ci/run does not end with \`${TEST}\``];
}
