import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { isJsonObject, type JsonObject, NODE_TYPES } from "@millrace/contract";
import { type NodeSpec, type Problem, plan } from "@millrace/engine";
import { parse } from "yaml";
import { executors } from "#executors";
import { nodeSpecs } from "#specs";
import { memberPaths } from "#testing/member-paths";
import { runSample } from "#testing/run-sample";
import { type Sample, samplesOf } from "#testing/sample";

const SRC = new URL("./", import.meta.url);

/** Folders beside the node types. */
const OTHERS: ReadonlySet<string> = new Set(["kit", "testing", "words"]);
const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"];
const HEADINGS = ["## Config", "## Result", "## Errors", "## Example"];

const folders = readdirSync(SRC, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !OTHERS.has(entry.name))
  .map((entry) => entry.name);

test("every folder is a node type of the format, and every registered type has its folder", () => {
  assert.deepEqual([...nodeSpecs.keys()].sort(), [...folders].sort());
  for (const type of folders) assert.ok((NODE_TYPES as readonly string[]).includes(type), `${type} is no node type of the format`);
});

for (const folder of folders) {
  describe(folder, () => {
    const spec = specOf(folder);
    test("has all its parts", () => checkParts(folder, spec));
    test("has locales with a label and a help for each member", () => checkLocales(folder, spec));
    test("has a page that names each member and each result field", () => checkPage(folder, spec));
    test("has examples that plan without problems", () => checkExamples(folder));
    for (const [file, sample] of samplesOf(folder)) test(`sample ${file}: ${sample.title}`, () => checkSample(spec, sample));
  });
}

function specOf(folder: string): NodeSpec {
  const spec = nodeSpecs.get(folder);
  assert.ok(spec, `${folder} is not registered: run node packages/nodes/scripts/gen-nodes.ts`);
  return spec;
}

/** A note never runs, so it has no executor. */
function checkParts(folder: string, spec: NodeSpec): void {
  const runs = spec.role !== "note";
  const missing = ["spec.ts", "README.md", ...(runs ? ["run.ts"] : [])].filter((part) => !existsSync(new URL(`${folder}/${part}`, SRC)));
  assert.deepEqual(missing, []);
  assert.equal(executors.get(folder)?.effect, runs ? spec.effect : undefined);
  assert.ok(samplesOf(folder).size >= 2, "a node type has at least two samples");
}

function checkLocales(folder: string, spec: NodeSpec): void {
  const english = localeOf(folder, "en");
  const expected = [...memberPaths(spec)].sort();
  for (const language of LANGUAGES) {
    const { title, summary, members, ...others } = localeOf(folder, language);
    assert.deepEqual(others, {}, language);
    assert.ok(isJsonObject(members), language);
    assert.deepEqual(Object.keys(members).sort(), expected, language);
    for (const text of [title, summary, ...Object.values(members).flatMap(textsOfMember)]) assertText(text, language);
    if (language !== "en") assert.notEqual(summary, english["summary"], `${language} is not translated`);
  }
}

function textsOfMember(member: unknown): unknown[] {
  assert.ok(isJsonObject(member));
  assert.deepEqual(Object.keys(member).sort(), ["help", "label"]);
  return Object.values(member);
}

function assertText(text: unknown, language: string): void {
  assert.ok(typeof text === "string" && text.trim() !== "" && text === text.trim(), `${language}: ${JSON.stringify(text)}`);
}

function localeOf(folder: string, language: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${folder}/locales/${language}.json`, SRC), "utf8"));
}

function pageOf(folder: string): string {
  return readFileSync(new URL(`${folder}/README.md`, SRC), "utf8");
}

function checkPage(folder: string, spec: NodeSpec): void {
  const page = pageOf(folder);
  assert.ok(page.startsWith(`# ${folder}\n`), "the page begins with the type's name");
  assert.deepEqual(
    HEADINGS.filter((heading) => !page.includes(`\n${heading}\n`)),
    [],
    "headings",
  );
  const names = [...memberPaths(spec), ...Object.keys(spec.result({}).fields)];
  assert.deepEqual(
    names.filter((name) => !page.includes(`\n| \`${name}\` |`)),
    [],
    "members and fields that the page does not name",
  );
}

function examplesOf(folder: string): unknown[] {
  return [...pageOf(folder).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml]) => parse(yaml ?? ""));
}

function checkExamples(folder: string): void {
  const examples = examplesOf(folder);
  assert.ok(
    examples.some((example) => JSON.stringify(example).includes(`"type":"${folder}"`)),
    "no example has a node of the type",
  );
  for (const example of examples) assert.deepEqual(plan(example, nodeSpecs).problems, []);
}

async function checkSample(spec: NodeSpec, sample: Sample): Promise<void> {
  const outcome = await runSample(spec, sample);
  const { expect } = sample;
  if ("problems" in expect) {
    assert.ok("problems" in outcome, `expected problems, got ${JSON.stringify(outcome)}`);
    assert.deepEqual(distinct(outcome.problems.map(spelled)), expect.problems);
  } else if ("error" in expect) {
    assert.ok("error" in outcome, `expected an error, got ${JSON.stringify(outcome)}`);
    const { code: _code, ...error } = outcome.error;
    assert.deepEqual(error, { retryable: false, ...expect.error });
  } else {
    assert.deepEqual(outcome, expect);
  }
}

/** A problem as a sample spells it: without its sentence. */
function spelled({ code, path, level, hint }: Problem): JsonObject {
  return { code, path, ...(level === "warning" && { level }), ...(hint && { hint }) };
}

/** A member that may be a value or an expression brings one problem a way to be wrong. */
function distinct(problems: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
