import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CHECKS } from "../checks.ts";
import { FAILED_SYNC_BUG, FULL_DISK_BUG, PLANTED_BUGS, RUNTIME_BUGS, STORE_BUGS } from "../harness/planted-bugs.ts";
import { PLANTED_LEAKS } from "../harness/planted-leaks.ts";
import { PLANTED_COSTS, PLANTED_TOTALS } from "../model-costs/planted.ts";
import { HUNTED_BUGS } from "../planted/bugs.ts";
import { PLANTED_WEBHOOK_BUGS } from "../webhooks/planted.ts";
import { parseArguments } from "./arguments.ts";
import { type Check, type Outcome, Tally } from "./check.ts";
import { pageProblems, writeFigures } from "./page.ts";
import { runChecks, selectChecks } from "./run.ts";
import { faultsOf, figureText } from "./verdict.ts";

const reads = (failed: number, of: number) => ({ what: "changed", failed, of, tried: "reads" });
const check = (id: string, outcome: () => Outcome): Check => ({ id, property: `${id} holds`, run: async () => outcome() });

test("a count that failed, that tried nothing, and an outcome without a count are faults", () => {
  assert.deepEqual(faultsOf({ counts: [reads(0, 5)] }), []);
  assert.deepEqual(faultsOf({ counts: [reads(1, 5)] }), ["1 changed"]);
  assert.deepEqual(faultsOf({ counts: [reads(0, 0)] }), ["no reads were tried"]);
  assert.deepEqual(faultsOf({ counts: [] }), ["nothing was counted"]);
});

test("a check that has seen the server refuse more than it answered proves nothing", () => {
  const counts = [reads(0, 5)];
  assert.deepEqual(faultsOf({ counts, operations: { ok: 5, failed: 3, unknown: 2 } }), []);
  assert.deepEqual(faultsOf({ counts, operations: { ok: 4, failed: 3, unknown: 3 } }), ["only 4 of 10 operations were ok"]);
  assert.deepEqual(faultsOf({ counts, operations: { ok: 0, failed: 0, unknown: 0 } }), ["only 0 of 0 operations were ok"]);
});

test("a figure names what was tried beside what failed", () => {
  assert.equal(figureText({ counts: [reads(0, 7_714)], facts: { kills: 8 } }), "0 changed of 7,714 reads; kills 8");
});

test("a line a check; one that breaks is red, says why, and how to see it again", async () => {
  const printed: string[] = [];
  const broken = check("B1", () => {
    throw new Error("no server");
  });
  const results = await runChecks([check("A1", () => ({ counts: [reads(0, 2)] })), broken], { long: false, seed: 7 }, (text) =>
    printed.push(text),
  );
  assert.deepEqual(
    results.map(({ id, ok }) => [id, ok]),
    [
      ["A1", true],
      ["B1", false],
    ],
  );
  assert.match(printed[0] ?? "", /^ok {3}A1 {3}0 changed of 2 reads {2}\(\d+\.\d s\)$/);
  assert.match(printed.join("\n"), /FAIL B1 [\s\S]*no server[\s\S]*npm run promises -- --seed=7 B1\n2 promises in \d+\.\d s$/);
});

test("checks run two at a time, and then alone those that decide by time; the results are in the checks' own order", async () => {
  const open = new Set<string>();
  const seen: string[] = [];
  const both = Promise.withResolvers<void>();
  const noting = (id: string, timed: boolean): Check => ({
    ...check(id, () => ({ counts: [] })),
    timed,
    run: async () => {
      open.add(id);
      if (open.size === 2) both.resolve();
      if (!timed) await both.promise;
      seen.push([...open].toSorted().join("+"));
      open.delete(id);
      return { counts: [reads(0, 1)] };
    },
  });
  const checks = [noting("A1", true), noting("B1", false), noting("C1", true), noting("D1", false)];
  const results = await runChecks(checks, { long: false, seed: 1 }, () => {});
  assert.deepEqual(
    results.map(({ id }) => id),
    ["A1", "B1", "C1", "D1"],
  );
  assert.deepEqual(seen, ["B1+D1", "D1", "A1", "C1"]);
});

test("a check of another system is skipped and says so; a long run keeps no promise that it skips", async () => {
  const needs = process.platform === "linux" ? "win32" : "linux";
  const foreign: Check = { ...check("A1", () => ({ counts: [] })), needs };
  const printed: string[] = [];
  const [skipped] = await runChecks([foreign], { long: false, seed: 1 }, (text) => printed.push(text));
  assert.equal(skipped?.ok, true);
  assert.match(printed.join("\n"), new RegExp(`^skip A1   skipped: it needs ${needs}`));
  const tool: Check = { ...check("B1", () => ({ counts: [] })), missing: () => "strace is not installed" };
  await runChecks([tool], { long: false, seed: 1 }, (text) => printed.push(text));
  assert.match(printed.join("\n"), /^skip B1 +skipped: strace is not installed/m);
  const [long] = await runChecks([foreign], { long: true, seed: 1 }, () => {});
  assert.equal(long?.ok, false);
});

test("a check that says nothing of a form of the server is skipped there, with the reason", async () => {
  const notThere: Check = { ...check("A1", () => ({ counts: [reads(0, 1)] })), notOn: { postgres: "it is of the file" } };
  const textOn = async (form: "sqlite" | "postgres" | "restate") =>
    (await runChecks([notThere], { long: false, seed: 1, form }, () => {}))[0]?.text;
  assert.deepEqual(await Promise.all([textOn("postgres"), textOn("restate"), textOn("sqlite")]), [
    "skipped: it is of the file",
    "0 changed of 1 reads",
    "0 changed of 1 reads",
  ]);
  const printed: string[] = [];
  const failing = check("B1", () => ({ counts: [reads(1, 1)] }));
  await runChecks([failing], { long: false, seed: 1, form: "restate" }, (text) => printed.push(text));
  assert.match(printed.join("\n"), /npm run promises -- --form=restate --seed=1 B1/);
});

test("what has not begun when the time of a run is over is cut, and the run names it", async () => {
  const printed: string[] = [];
  const checks = [check("A1", () => ({ counts: [reads(0, 2)] })), check("B1", () => ({ counts: [] }))];
  const results = await runChecks(checks, { long: true, seed: 1, minutes: 0 }, (text) => printed.push(text));
  assert.deepEqual(
    results.map(({ id, ok, cut }) => [id, ok, cut]),
    [
      ["A1", true, true],
      ["B1", true, true],
    ],
  );
  assert.match(printed.join("\n"), /^skip A1 +cut: not begun within 0 minutes[\s\S]*\n0 promises in [\s\S]*\ncut after 0 minutes: A1 B1$/);
  const [begun] = await runChecks([checks[0] as Check], { long: true, seed: 1, minutes: 1 }, () => {});
  assert.deepEqual([begun?.ok, begun?.cut], [true, undefined]);
});

test("a tally keeps the first failures in words", () => {
  const tally = new Tally();
  for (let n = 0; n < 9; n++) tally.add(n % 2 === 0 ? null : `failure ${n}`);
  assert.deepEqual(tally.count("broken", "things"), { what: "broken", failed: 4, of: 9, tried: "things" });
  assert.equal(tally.failures.length, 4);
});

test("checks are chosen by their ids, and an unknown one is an error", () => {
  assert.deepEqual(selectChecks(CHECKS, []), CHECKS);
  assert.deepEqual(
    selectChecks(CHECKS, ["R2"]).map(({ id }) => id),
    ["R2"],
  );
  assert.throws(() => selectChecks(CHECKS, ["X9"]), /no check of "X9"/);
});

test("a change tries the same things each time, a long run new ones; only a whole run is written down", () => {
  assert.deepEqual(parseArguments(["R1", "S2"], 5), { long: false, write: false, seed: 20_261_127, ids: ["R1", "S2"] });
  assert.equal(parseArguments(["--long"], 5).seed, 5);
  assert.equal(parseArguments(["--seed=12"], 5).seed, 12);
  assert.equal(parseArguments(["--long", "--minutes=30"], 5).minutes, 30);
  assert.equal(parseArguments(["--runs=500"], 5).runs, 500);
  for (const bound of ["--minutes=30", "--runs=500"]) assert.throws(() => parseArguments(["--write", bound], 5), /whole run/);
  assert.equal(parseArguments(["--form=postgres"], 5).form, "postgres");
  assert.throws(() => parseArguments(["--form=mysql"], 5), /unknown option --form=mysql; .*--form=sqlite\|postgres\|restate/);
  assert.throws(() => parseArguments(["--form=restate", "--long", "--write"], 5), /on SQLite/);
  assert.throws(() => parseArguments(["--runs=0"], 5), /unknown option/);
  assert.throws(() => parseArguments(["--fast"], 5), /unknown option --fast/);
  assert.throws(() => parseArguments(["--write", "R1"], 5), /whole run/);
  assert.equal(parseArguments(["--long", "--write", "--minutes=30", "R1"], 5).write, true);
});

test("PROMISES.md tells of every check in its own words, and of no other", () => {
  assert.deepEqual(pageProblems(readFileSync("PROMISES.md", "utf8"), CHECKS), []);
});

const EMPTY_PAGE =
  "# Promises\n<!-- figures:start -->\n<!-- figures:end -->\n<!-- long:start -->\n<!-- long:end -->\n" +
  "<!-- postgres:start -->\n<!-- postgres:end -->\n";
const PROVENANCE = { commit: "abc1234", day: "2026-11-27", node: "v24.0.0" };

test("a run writes down what it has not kept; a long one, which may be in pieces, each promise's last figure and what it has not tried", async () => {
  const [a, b] = [check("A1", () => ({ counts: [reads(0, 2)] })), check("B1", () => ({ counts: [reads(1, 3)] }))];
  const checks = [a, b, check("C1", () => ({ counts: [reads(0, 1)] }))];
  const write = async (page: string, effort: "per change" | "long", commit: string, tried: readonly Check[], minutes = 1) => {
    const results = await runChecks(tried, { long: effort === "long", seed: 1, minutes }, () => {});
    return writeFigures(page, results, { ...PROVENANCE, effort, commit }, checks);
  };
  const short = await write(EMPTY_PAGE, "per change", "abc1", checks);
  assert.match(short, /\| \*\*B1\*\* \| B1 holds \| \*\*Not kept\.\*\* 1 changed of 3 reads \|/);
  const first = await write(short, "long", "abc2", [b]);
  assert.match(
    first,
    /\n\| \*\*B1\*\* \| \*\*Not kept\.\*\* 1 changed of 3 reads \| 2026-11-27, abc2 \|\n\nNot tried at length: A1, C1\.\n/,
  );
  const second = await write(await write(first, "long", "abc3", [a]), "long", "abc4", [b], 0);
  assert.match(
    second,
    /\n\| \*\*A1\*\* \| 0 changed of 2 reads \| 2026-11-27, abc3 \|\n\| \*\*B1\*\* .* \| 2026-11-27, abc2 \|\n\nNot tried at length: C1\.\n/,
  );
  assert.equal(second.slice(0, second.indexOf("<!-- long")), short.slice(0, short.indexOf("<!-- long")));
});

test("a run on another form has a table of its own, and leaves the others", async () => {
  const checks = [
    check("A1", () => ({ counts: [reads(0, 2)] })),
    { ...check("B1", () => ({ counts: [] })), notOn: { postgres: "it is of the file" } },
  ];
  const results = await runChecks(checks, { long: false, seed: 1, form: "postgres" }, () => {});
  const page = writeFigures(EMPTY_PAGE, results, { ...PROVENANCE, effort: "per change", form: "postgres" }, checks);
  assert.match(page, /<!-- figures:start -->\n<!-- figures:end -->/);
  assert.match(
    page,
    /<!-- postgres:start -->\nRun of 2026-11-27, commit abc1234\.\n\n[\s\S]*\| \*\*B1\*\* \| skipped: it is of the file \|\n<!-- postgres:end -->/,
  );
});

test("the page names what it lacks, what nothing checks, and what is put otherwise", async () => {
  const checks = [check("A1", () => ({ counts: [reads(0, 2)] })), check("B1", () => ({ counts: [reads(0, 3)] }))];
  const results = await runChecks(checks, { long: false, seed: 1 }, () => {});
  const provenance = { ...PROVENANCE, effort: "per change" } as const;
  const page = writeFigures(EMPTY_PAGE, results, provenance, checks);
  assert.match(page, /\| \*\*B1\*\* \| B1 holds \| 0 changed of 3 reads \|/);
  assert.deepEqual(pageProblems(page, checks), []);
  const reworded = { ...check("B1", () => ({ counts: [] })), property: "B1 holds firmly" };
  assert.deepEqual(pageProblems(page, [reworded, check("C1", () => ({ counts: [] }))]), [
    "C1 has a check and no row",
    "A1 has a row and no check",
    "B1 reads otherwise",
  ]);
});

for (const [folder, bugs] of [
  ["engine", [...PLANTED_BUGS, ...PLANTED_TOTALS]],
  ["server", [...PLANTED_WEBHOOK_BUGS, ...RUNTIME_BUGS, ...STORE_BUGS, ...PLANTED_LEAKS, ...PLANTED_COSTS, FULL_DISK_BUG, FAILED_SYNC_BUG]],
  ["server", HUNTED_BUGS.flatMap(({ changes }) => changes)],
] as const) {
  test(`every planted bug has its place in the ${folder}`, () => {
    for (const { name, file, from, to } of bugs) {
      const places = readFileSync(`packages/${folder}/src/${file}`, "utf8").split(from).length - 1;
      assert.equal(places, 1, `${name}: ${file}`);
      assert.notEqual(from, to);
    }
  });
}
