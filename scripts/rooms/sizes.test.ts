import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSizes, measure } from "./sizes.ts";

const SOURCE = `export function plan(): number {
  const one = () => {
    return 1;
  };
  return [1].map((n) => n + one()).length;
}

class Run {
  constructor() {}
  get id(): string {
    return "a";
  }
}
`;

test("functions with a body in braces are measured from their first line to their last", () => {
  const { files, functions } = measure("a.ts", SOURCE);
  assert.deepEqual(files, [{ name: "a.ts", lines: 13 }]);
  assert.deepEqual(functions, [
    { name: "plan in a.ts", lines: 6 },
    { name: "one in a.ts", lines: 3 },
    { name: "constructor in a.ts", lines: 1 },
    { name: "id in a.ts", lines: 3 },
  ]);
});

test("the table shows the middle and the longest; of equals, the first by name", () => {
  const table = describeSizes({
    files: [
      { name: "c.ts", lines: 3 },
      { name: "b.ts", lines: 40 },
      { name: "a.ts", lines: 40 },
    ],
    functions: [],
  });
  assert.match(table, /^\| files \| 3 \| 40 \| 40: `a\.ts` \|$/m);
  assert.match(table, /^\| functions \| 0 \| 0 \| none \|$/m);
});
