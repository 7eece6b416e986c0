import assert from "node:assert/strict";
import { test } from "node:test";
import { locator, type Place } from "#workflows/locate";

const YAML = `format: millrace/1
nodes:
  - id: start
    type: start
    onError:
      do: fail
  - { id: end, "od/d~": 1 }
empty:
list: &list [1, 2]
again: *list
7: seven
`;

const at = (text: string, place: Place | string): string => {
  const { line, column } = locator(text)(typeof place === "string" ? { path: place } : place);
  return `${line}:${column}`;
};

test("finds values, by the first character that is written", () => {
  assert.equal(at(YAML, "/format"), "1:9");
  assert.equal(at(YAML, "/nodes/0"), "3:5");
  assert.equal(at(YAML, "/nodes/0/type"), "4:11");
  assert.equal(at(YAML, "/nodes/1"), "7:5");
  assert.equal(at(YAML, "/nodes/1/od~1d~0"), "7:25");
  assert.equal(at(YAML, "/list/1"), "9:17");
  assert.equal(at(YAML, "/7"), "11:4");
});

test("a block below its name, and an empty value, are found by the name", () => {
  assert.equal(at(YAML, "/nodes"), "2:1");
  assert.equal(at(YAML, "/nodes/0/onError"), "5:5");
  assert.equal(at(YAML, "/empty"), "8:1");
});

test("the name where the name is at fault", () => {
  assert.equal(at(YAML, { path: "/format", atName: true }), "1:1");
  assert.equal(at(YAML, { path: "/nodes/1/od~1d~0", atName: true }), "7:16");
});

test("what is not there is placed at what should hold it", () => {
  assert.equal(at(YAML, "/name"), "1:1");
  assert.equal(at(YAML, "/nodes/0/name"), "3:5");
  assert.equal(at(YAML, { path: "/nodes/0/name", atName: true }), "3:5");
  assert.equal(at(YAML, "/nodes/9/id"), "2:1");
  assert.equal(at(YAML, "/format/deeper"), "1:9");
});

test("an alias stands where it is written, and leads to what it names", () => {
  assert.equal(at(YAML, "/again"), "10:8");
  assert.equal(at(YAML, "/again/0"), "9:14");
});

test("offsets count in the string's value; one behind its end is its end", () => {
  const text = 'a: "x\\n{{ y }}"\n';
  assert.equal(at(text, { path: "/a", start: 2 }), "1:8");
  assert.equal(at(text, { path: "/a", start: 99 }), "1:15");
  assert.equal(at("a: 5\n", { path: "/a", start: 1 }), "1:4", "a number has no characters");
});

test("never throws for what a file holds", () => {
  for (const text of ["", "   \n", "a: [", "- - - -", "a: b: c", "\u0000", "&a *a", "? [x]\n: y"])
    assert.match(at(text, "/a/0/b"), /^\d+:\d+$/, JSON.stringify(text));
});
