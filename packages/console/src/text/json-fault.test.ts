import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonFault } from "#text/json-fault.ts";

test("JSON has no fault", () => {
  for (const text of ['{"a": [1, -2.5e3, true, null, "\\u00e9\\n"], "b": {}}', " [] ", "0", '"x"'])
    assert.equal(jsonFault(text), null, text);
});

test("the place is that of the first character that cannot stand there", () => {
  const cases = [
    ["{topic: 1}", 1, 2],
    ['{\n  "topic": News\n}', 2, 12],
    ['{"a": 1,}', 1, 9],
    ['{"a": 1 "b": 2}', 1, 9],
    ['{"a" 1}', 1, 6],
    ["[1, 2}", 1, 6],
    ["{} {}", 1, 4],
    ["[01]", 1, 3],
    ["{'a': 1}", 1, 2],
    ['["a\nb"]', 1, 2],
  ] as const;
  for (const [text, line, column] of cases) assert.deepEqual(jsonFault(text), { line, column, end: false }, text);
});

test("a text that stops too soon says so", () => {
  for (const text of ["", "  ", "{", '{"a": [1,', '{\n"a":'] as const) assert.equal(jsonFault(text)?.end, true, text);
  assert.deepEqual(jsonFault('{\n"a":'), { line: 2, column: 5, end: true });
});

test("whatever is cut out of JSON, the place is inside of what is left", () => {
  const whole = '{"a": [1, {"b": "c\\"d"}, -3.5e-2], "e": {"f": [true, false, null]}}';
  for (let at = 0; at < whole.length; at++) {
    const text = whole.slice(0, at) + whole.slice(at + 1);
    const fault = jsonFault(text);
    if (fault) assert.ok(fault.column >= 1 && fault.column <= text.length + 1, text);
  }
});
