// Checks what the project promises: `npm run promises`, with `-- --long` before a release, `-- --minutes=30` to begin nothing after that, `-- R1 S2`
// for single promises, `-- --form=postgres` or `restate` for servers of that form, `-- --runs=500 R11` for as many runs of a check whose number is not fixed.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { CHECKS } from "./promises/checks.ts";
import { openForm } from "./promises/forms/forms.ts";
import { runAlone } from "./promises/frame/alone.ts";
import { parseArguments } from "./promises/frame/arguments.ts";
import { writeFigures } from "./promises/frame/page.ts";
import { runChecks, selectChecks } from "./promises/frame/run.ts";

const PAGE = "PROMISES.md";
const ONE_CHECK = new URL("./promises/one-check.ts", import.meta.url).pathname;

const { ids, write, ...effort } = parseArguments(process.argv.slice(2), Date.now());
const { form = "sqlite" } = effort;
const shared = await openForm(form);
const results = await runChecks(selectChecks(CHECKS, ids), effort, console.log, runAlone(ONE_CHECK, undefined, shared.variables));
await shared.close();

const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const os = `${process.platform} ${process.arch}`;
mkdirSync("reports", { recursive: true });
writeFileSync(
  `reports/promises${form === "sqlite" ? "" : `-${form}`}.json`,
  `${JSON.stringify(
    results.map((result) => ({ ...result, seed: effort.seed, commit, node: process.version, os })),
    null,
    2,
  )}\n`,
);

const broken = results.filter(({ ok }) => !ok).map(({ id }) => id);
if (broken.length > 0) console.error(`\nNot kept: ${broken.join(", ")}.`);
if (write) {
  const provenance = {
    commit,
    day: new Date().toISOString().slice(0, 10),
    node: process.version,
    effort: effort.long ? "long" : "per change",
    form,
  } as const;
  writeFileSync(PAGE, writeFigures(readFileSync(PAGE, "utf8"), results, provenance, CHECKS));
}
process.exit(broken.length > 0 ? 1 : 0);
