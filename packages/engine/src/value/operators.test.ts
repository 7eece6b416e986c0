import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import fc from "fast-check";
import { findOperator, OPERATORS, type OperatorName, UNARY_OPERATORS } from "#value/operators";

/** Operator, left, right, holds: one row a line, values as JSON. */
const ROWS = `
eq | null | null | true
eq | null | "" | false
eq | 0 | null | false
eq | null | false | false
eq | "a" | "a" | true
eq | "a" | "A" | false
eq | "\\u00e9" | "e\\u0301" | false
eq | 1 | 1 | true
eq | 1 | 1 | true
eq | true | true | true
eq | true | false | false
eq | 1 | "1" | true
eq | 1 | " 1.0 " | true
eq | "1" | 1 | true
eq | "1" | "1.0" | false
eq | 1 | "x" | false
eq | 16 | "0x10" | false
eq | true | "true" | true
eq | true | "TRUE" | true
eq | "false" | false | true
eq | true | "yes" | false
eq | true | 1 | false
eq | false | 0 | false
eq | [1,{"a":2}] | [1,{"a":2}] | true
eq | [1] | ["1"] | false
eq | {"a":1,"b":2} | {"b":2,"a":1} | true
eq | {"a":1} | {"a":"1"} | false
eq | [1] | "[1]" | true
eq | {"a":1} | "{\\"a\\":1}" | true
eq | [1] | 1 | false
eq | {"$file":"f","url":"https://h/a.pdf","name":"a.pdf"} | "https://h/a.pdf" | true
eq | {"$file":"f","url":"https://h/a.pdf","name":"a.pdf"} | {"$file":"other","url":"https://h/a.pdf"} | true
eq | {"$file":"f","url":"https://h/a.pdf","name":"a.pdf"} | null | false
neq | 1 | "1" | false
neq | 1 | 2 | true
neq | null | null | false
neq | null | "" | true
gt | 2 | 1 | true
gt | "10" | 9 | true
gt | "10" | "9" | true
gt | "b" | "a" | true
gt | "a" | "b" | false
gt | null | 0 | false
gt | true | 0 | false
gt | "a" | 1 | false
gt | [2] | [1] | false
gt | "😀" | "～" | true
gte | 1 | 1 | true
gte | "1" | "1.0" | true
gte | "a" | "a" | true
gte | 1 | 2 | false
gte | null | null | false
gte | "ab" | "a" | true
lt | 1 | 2 | true
lt | "9" | "10" | true
lt | "a" | "b" | true
lt | "a" | "ab" | true
lt | "～" | "😀" | true
lt | null | 1 | false
lt | 1 | "x" | false
lte | 1 | 1 | true
lte | "a" | "a" | true
lte | 2 | 1 | false
lte | {} | {} | false
contains | "abc" | "b" | true
contains | "abc" | "" | true
contains | "abc" | "x" | false
contains | "a1c" | 1 | true
contains | "abc" | null | true
contains | [1,"2"] | 2 | true
contains | [1] | "1" | true
contains | ["a"] | "b" | false
contains | [null] | null | true
contains | {"k":1} | "k" | true
contains | {"k":1} | "v" | false
contains | {} | "toString" | false
contains | {"1":0} | 1 | true
contains | null | "a" | false
contains | 1 | 1 | false
contains | {"$file":"f","url":"https://h/a.pdf","name":"a.pdf"} | "a.pdf" | true
not_contains | "abc" | "b" | false
not_contains | "abc" | "x" | true
not_contains | null | "a" | true
starts_with | "abc" | "a" | true
starts_with | "abc" | "b" | false
starts_with | 123 | 1 | true
starts_with | null | "" | true
starts_with | null | "a" | false
starts_with | [1] | "[" | true
starts_with | {"$file":"f","url":"https://h/a.pdf","name":"a.pdf"} | "https" | true
ends_with | "abc" | "c" | true
ends_with | "abc" | "b" | false
ends_with | 123 | 3 | true
ends_with | null | "a" | false
in | 1 | [1,2] | true
in | "1" | [1] | true
in | 3 | [1] | false
in | "a" | "[\\"a\\",\\"b\\"]" | true
in | "a" | "abc" | false
in | "a" | {"a":1} | false
in | null | [null] | true
in | 1 | null | false
not_in | 3 | [1] | true
not_in | 1 | [1] | false
not_in | 1 | null | true
is_empty | null | null | true
is_empty | "" | 0 | true
is_empty | [] | null | true
is_empty | {} | null | true
is_empty | 0 | null | false
is_empty | false | null | false
is_empty | " " | null | false
is_empty | [null] | null | false
is_not_empty | null | null | false
is_not_empty | "a" | null | true
is_not_empty | 0 | null | true
is_true | true | null | true
is_true | "true" | null | true
is_true | "True" | null | true
is_true | 1 | null | false
is_true | "yes" | null | false
is_true | null | null | false
is_true | false | null | false
is_false | false | null | true
is_false | "FALSE" | null | true
is_false | 0 | null | false
is_false | null | null | false
is_false | true | null | false
length_eq | "abc" | 3 | true
length_eq | "😀" | 1 | true
length_eq | [1,2] | "2" | true
length_eq | {"a":1} | 1 | true
length_eq | null | 0 | true
length_eq | 5 | 1 | false
length_eq | "abc" | "x" | false
length_eq | "" | null | false
length_gt | "abc" | 2 | true
length_gt | "abc" | 3 | false
length_gt | [] | 0 | false
length_gte | "abc" | 3 | true
length_gte | "abc" | 4 | false
length_lt | "abc" | 4 | true
length_lt | "abc" | 3 | false
length_lt | null | 1 | true
length_lte | "abc" | 3 | true
length_lte | "abc" | 2 | false
`;

type Row = readonly [left: Json, right: Json, holds: Json];

const TABLE = new Map<string, Row[]>();
for (const line of ROWS.trim().split("\n")) {
  const [name = "", left = "", right = "", holds = ""] = line.split(" | ");
  TABLE.set(name, [...(TABLE.get(name) ?? []), [JSON.parse(left), JSON.parse(right), JSON.parse(holds)]]);
}

function rowsOf(name: OperatorName): readonly Row[] {
  const rows = TABLE.get(name) ?? [];
  assert.ok(rows.some((row) => row[2]) && rows.some((row) => !row[2]), `${name} needs rows that hold and rows that do not`);
  return rows;
}

for (const name of Object.keys(OPERATORS) as OperatorName[]) {
  test(`operator ${name}`, () => {
    for (const [left, right, holds] of rowsOf(name)) {
      assert.equal(OPERATORS[name](left, right), holds, `${JSON.stringify(left)} ${name} ${JSON.stringify(right)}`);
    }
  });
}

test("the negated operators are exact opposites", () => {
  const pairs = [
    ["eq", "neq"],
    ["contains", "not_contains"],
    ["in", "not_in"],
    ["is_empty", "is_not_empty"],
  ] as const;
  for (const [plain, negated] of pairs) {
    for (const [left, right, holds] of rowsOf(plain)) assert.equal(OPERATORS[negated](left, right), !holds);
  }
});

const SPELLINGS: { readonly [name in OperatorName]: readonly string[] } = {
  eq: ["=", "==", "equals", "is", "EQ"],
  neq: ["!=", "≠", "ne", "notEquals", "isNot", "not_equals", "is not"],
  gt: [">"],
  gte: [">=", "≥", "ge"],
  lt: ["<"],
  lte: ["<=", "≤", "le"],
  contains: ["includes", "has", "Contains"],
  not_contains: ["doesNotContain", "notIncludes", "notContains", "NOT CONTAINS", "not-contains"],
  starts_with: ["startsWith", "STARTS-WITH"],
  ends_with: ["endsWith"],
  in: ["IN"],
  not_in: ["notIn"],
  is_empty: ["empty", "hasNoValue", "isNull", "isEmpty"],
  is_not_empty: ["notEmpty", "hasValue", "isNotNull", "IS_NOT_EMPTY"],
  is_true: ["isTrue"],
  is_false: ["isFalse"],
  length_eq: ["length=", "length ="],
  length_gt: ["length>"],
  length_gte: ["length>=", "length≥"],
  length_lt: ["length<"],
  length_lte: ["length<=", "length ≤"],
};

test("every spelling finds its operator", () => {
  for (const name of Object.keys(OPERATORS) as OperatorName[]) {
    for (const spelling of [name, ...SPELLINGS[name]]) assert.equal(findOperator(spelling), name, spelling);
  }
});

test("no other spelling finds one", () => {
  for (const spelling of ["", "===", "like", "matches", "constructor", "__proto__", "toString"])
    assert.equal(findOperator(spelling), null, spelling);
});

test("no operator ever throws, on any values", () => {
  const json = fc.jsonValue() as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(json, json, (left, right) => {
      for (const operator of Object.values(OPERATORS)) assert.equal(typeof operator(left, right), "boolean");
    }),
  );
  let deep: Json = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  for (const operator of Object.values(OPERATORS)) assert.equal(typeof operator(deep, [deep]), "boolean");
});

test("the operators without a right operand ignore it", () => {
  for (const name of UNARY_OPERATORS) {
    for (const [left] of rowsOf(name)) assert.equal(OPERATORS[name](left, null), OPERATORS[name](left, "anything"));
  }
});
