import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { WIRE_ERROR_TYPES, WIRE_ERRORS } from "#errors";
import { LANGUAGES } from "#language";
import { errorTitle } from "#messages/messages";
import { errorPage, findRunError, HTTP_STATUS_FAMILY, RUN_ERRORS, runErrorCode } from "#run-errors";

const folder = new URL("../../../docs/errors/", import.meta.url);
const pagesIn = (where: URL): string[] =>
  readdirSync(where)
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.slice(0, -3));
const pages = pagesIn(folder);
const translations = LANGUAGES.filter((language) => language !== "en");
const readPage = (page: string, language = "en"): string =>
  readFileSync(new URL(language === "en" ? `${page}.md` : `${language}/${page}.md`, folder), "utf8");

/** The figures of one row of a page's table. */
function figures(page: string, row: "Request refused" | "Run failed"): { status: number; code: number; again: string } | null {
  const cells = readPage(page)
    .split("\n")
    .find((line) => line.startsWith(`| ${row} |`))
    ?.split("|")
    .map((cell) => cell.trim());
  return cells === undefined ? null : { status: Number(cells[2]), code: Number(cells[3]), again: cells[4] ?? "" };
}

test("every error has a page and every page an error", () => {
  const types = new Set([...WIRE_ERROR_TYPES, ...Object.keys(RUN_ERRORS)].map(errorPage));
  assert.deepEqual([...types].sort(), pages.sort());
});

for (const page of pages) {
  test(`the page ${page} says what the tables say`, () => {
    assert.equal(readPage(page).split("\n")[0], `# ${page}`);
    for (const section of ["## When it occurs", "## What to do"]) assert.match(readPage(page), new RegExp(`\n${section}\n\n- \\S`));
    const wire = WIRE_ERROR_TYPES.find((type) => type === page);
    const again = wire && (WIRE_ERRORS[wire].retry ? "may succeed" : "fails again");
    assert.deepEqual(
      figures(page, "Request refused"),
      wire ? { status: WIRE_ERRORS[wire].status, code: WIRE_ERRORS[wire].code, again } : null,
    );
    const run = Object.entries(RUN_ERRORS).find(([type]) => errorPage(type) === page);
    assert.deepEqual(figures(page, "Run failed"), run ? { status: 200, code: run[1].code, again: "a new run" } : null);
  });
}

test("a page begins with the title of its error", () => {
  for (const type of WIRE_ERROR_TYPES) assert.equal(readPage(type).split("\n")[2], `${WIRE_ERRORS[type].title}.`);
});

/** What a page says in no language: names, figures, where it leads, and how it is built. */
function bones(text: string) {
  const codes = [...text.matchAll(/`[^`]+`/g)].map(String).sort();
  // A translation lies one folder deeper.
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target.replace(/^(?:\.\.\/)+/, "../")).sort();
  const blocks = text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== "");
  const built = blocks.map((block) => {
    const lines = block.split("\n");
    const [mark = ""] = /^(?:#+|-|\||```)/.exec(block) ?? [];
    if (mark === "-") return ["-", lines.filter((line) => line.startsWith("- ")).length];
    return mark === "|" ? lines.map((line) => [line.split("|").length, ...(line.match(/\d+/g) ?? [])]) : mark;
  });
  return { name: text.split("\n")[0], codes, links, built };
}

for (const language of translations) {
  test(`the pages of the errors are all there in ${language}, with the names, figures and links of the English ones`, () => {
    assert.deepEqual(pagesIn(new URL(`${language}/`, folder)).sort(), [...pages].sort());
    for (const page of pages) assert.deepEqual(bones(readPage(page, language)), bones(readPage(page)), page);
  });

  test(`a page in ${language} begins with the title that the server gives its error`, () => {
    for (const type of WIRE_ERROR_TYPES) assert.equal(readPage(type, language).split("\n")[2], `${errorTitle(type, language)}。`);
  });

  test(`the pages in ${language} have the same headings and the same words in their tables`, () => {
    const seen = { heads: new Set<string>(), refused: new Set<string>(), failed: new Set<string>() };
    for (const page of pages) {
      const lines = readPage(page, language).split("\n");
      seen.heads.add([...lines.filter((line) => line.startsWith("## ")), lines[4]].join());
      for (const row of lines.slice(6, lines.indexOf("", 6))) {
        const words = row.replace(/\d+/g, "");
        (row.includes("| 200 |") ? seen.failed : seen.refused).add(words);
      }
    }
    assert.deepEqual(
      [seen.heads.size, seen.failed.size, seen.refused.size],
      [1, 1, 2],
      JSON.stringify(seen, (_, value) => (value instanceof Set ? [...value] : value)),
    );
  });
}

test("no page says a sentence twice", () => {
  for (const page of pages) {
    const said = readPage(page)
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("|"));
    assert.deepEqual(said, [...new Set(said)], page);
  }
});

test("where the vendor has no integer, the code is the HTTP status", () => {
  for (const type of [
    "no_route",
    "method_not_allowed",
    "conflict",
    "body_too_large",
    "idempotency_mismatch",
    "version_permission",
  ] as const) {
    assert.equal(WIRE_ERRORS[type].code, WIRE_ERRORS[type].status);
  }
});

test("a failing HTTP status is one family", () => {
  assert.equal(runErrorCode("http_503"), 502);
  assert.equal(errorPage("http_503"), "http_status");
  assert.equal(findRunError("http_999"), undefined);
  assert.equal(findRunError(HTTP_STATUS_FAMILY), undefined);
});

test("a type that no row names has the code of an internal fault", () => {
  assert.equal(runErrorCode("cancelled"), 499);
  for (const unknown of ["", "nonsense", "constructor", "__proto__"]) {
    assert.equal(findRunError(unknown), undefined);
    assert.equal(runErrorCode(unknown), 50000);
  }
});
