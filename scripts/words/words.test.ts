import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sentencesIn, sentencesOf } from "./testing/sentences.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ROOMS = ["packages/contract/src", "packages/engine/src", "packages/nodes/src", "packages/server/src/cases"];

const said = sentencesIn(ROOT, ROOMS);
const places = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).sort();
/** Nothing in it is English: `{0}: {1}`. */
const isBare = (text: string): boolean => !/[a-z]/i.test(text.replaceAll(/\{\d+\}/g, ""));

test("what is said is found, with its places in their order, and what is said within it", () => {
  const source = 'problems.add("a", say`no node ${id} in ${deep ? say`the body of ${id}` : "it"}`); const text = `no ${id}`;';
  assert.deepEqual(sentencesOf(source), ["no node {0} in {1}", "the body of {0}"]);
  assert.ok(said.size > 200);
});

for (const language of ["zh-CN", "zh-TW", "ja"]) {
  test(`every sentence about a document is in ${language}, with the same places, and nothing else is`, () => {
    const words = JSON.parse(readFileSync(`${ROOT}packages/nodes/src/words/${language}.json`, "utf8")) as Record<string, string>;
    const missing = [...said].filter(([sentence]) => !isBare(sentence) && !Object.hasOwn(words, sentence));
    assert.deepEqual(missing, []);
    assert.deepEqual(
      Object.keys(words).filter((sentence) => !said.has(sentence)),
      [],
    );
    for (const [sentence, told] of Object.entries(words)) assert.deepEqual(places(told), places(sentence), `${language}: ${sentence}`);
  });
}

test("zh-TW is written in traditional characters", () => {
  const text = readFileSync(`${ROOT}packages/nodes/src/words/zh-TW.json`, "utf8");
  assert.equal(text.match(/[这没变节连运错误边称类请写为过]/u), null);
});
