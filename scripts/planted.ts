// Hunts bugs that others have had: `npm run planted`, with `-- tenant redirect` only those whose names have one of these words. Each is planted in a copy
// of the server, and the check or the tests that stand against it have to show it: what does not see a bug says nothing of its absence.
import { parseArguments } from "./promises/frame/arguments.ts";
import { HUNTED_BUGS } from "./promises/planted/bugs.ts";
import { hunt } from "./promises/planted/hunt.ts";

const { ids: words, ...effort } = parseArguments(process.argv.slice(2), Date.now());
const bugs = HUNTED_BUGS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (bugs.length === 0) throw new Error(`no planted bug has "${words.join('" or "')}" in its name`);
let missed = 0;
for (const bug of bugs) {
  const { shown, broke, seconds } = await hunt(bug, effort);
  if (shown === null) missed += 1;
  const finder = "check" in bug.finder ? bug.finder.check : bug.finder.tests;
  console.log(
    `${shown === null ? "MISSED" : "found "} ${bug.name}  (${finder}: ${shown ?? broke ?? "saw nothing"}; ${seconds.toFixed(1)} s)`,
  );
}
console.log(`${bugs.length - missed} found of ${bugs.length} planted`);
process.exit(missed === 0 ? 0 : 1);
