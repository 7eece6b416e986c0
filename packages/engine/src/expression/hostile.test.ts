import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileTemplate } from "#expression/compile";
import { scopeOf } from "#expression/testing/evaluate";
import { hostilePrograms } from "#expression/testing/hostile-programs";
import { intrinsicKeys } from "#expression/testing/intrinsics";
import { runGuarded } from "#expression/testing/run-guarded";

test("hostile programs of every kind of node are refused or give plain data", () => {
  const before = intrinsicKeys();
  const outcomes = { refused: 0, value: 0, error: 0 };
  fc.assert(
    fc.property(hostilePrograms, (source) => {
      outcomes[runGuarded(source, { x: { y: 1 }, list: [1, 2] })]++;
    }),
    { numRuns: 6000 },
  );
  assert.deepEqual(intrinsicKeys(), before);
  assert.ok(outcomes.refused > 1000 && outcomes.value > 50, JSON.stringify(outcomes));
});

test("any text at all compiles or has problems, as expression and as template", () => {
  const tokens = fc.array(
    fc.constantFrom(..."(){}[]`${ }` ' \" \\ . ?. ... => = == + - * / % ! ? : , ; x list map 1 /* */ // <!-- #! \n {{ }} \\{{".split(" ")),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        tokens.map((parts) => parts.join("")),
        tokens.map((parts) => parts.join(" ")),
      ),
      (source) => {
        runGuarded(source, { x: 1, list: [1] });
        const template = compileTemplate(`{{ ${source} }}`, scopeOf({ x: 1, list: [1] }));
        if (!template.ok) assert.ok(template.problems.length > 0);
      },
    ),
    { numRuns: 5000 },
  );
});
