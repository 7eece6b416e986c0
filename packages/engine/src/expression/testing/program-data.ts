import type { JsonObject } from "@millrace/contract";

/** What generated programs read. */
export const PROGRAM_DATA: JsonObject = {
  a: 7,
  b: "text {{ a }} ${b}",
  o: { k: [1, "two", null, { deep: true }], m: { n: -1.5 }, b: "own" },
  list: [3, 1, 2, "x", null, [4, [5]], { k: 1 }],
  nothing: null,
  tricky: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"constructor": 1}, "toString": "s", "length": 9, "then": 1}'),
  file: { $file: "f", url: "https://h/a.pdf", name: "a.pdf", format: "pdf", size: 1 },
};
