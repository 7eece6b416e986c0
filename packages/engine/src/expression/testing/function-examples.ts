import type { JsonObject } from "@millrace/contract";
import { GENERAL_TABLE, LIST_TABLE, MATH_TABLE, OBJECT_TABLE, TEXT_TABLE } from "#expression/testing/function-tables";

/** What the rows of the tables are about. */
export const FUNCTION_DATA: JsonObject = {
  list: [3, 1, 2],
  people: [
    { name: "Ann", age: 30, team: "x" },
    { name: "Bob", age: 20, team: "y" },
    { name: "Cy", age: 20, team: "x" },
  ],
  o: { a: 1, b: { c: [10, 20] } },
  s: "Hello",
  n: 1234.5678,
  nothing: null,
  file: { $file: "f1", url: "https://h/a.pdf", name: "a.pdf" },
};

/** By theme; the tests prove every row, and the page of the language shows some. */
export const FUNCTION_TABLES: { readonly [theme: string]: string } = {
  text: TEXT_TABLE,
  list: LIST_TABLE,
  object: OBJECT_TABLE,
  math: MATH_TABLE,
  general: GENERAL_TABLE,
};
