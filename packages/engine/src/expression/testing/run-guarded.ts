import assert from "node:assert/strict";
import type { JsonObject } from "@millrace/contract";
import { compileExpression } from "#expression/compile";
import { ExpressionError } from "#expression/errors";
import { contextOf, scopeOf } from "#expression/testing/evaluate";
import { assertPlain } from "#expression/testing/plain";

const FUEL = 20_000;
const OUTPUT = 50_000;

/** Compiles and runs; fails on anything but a refusal, a plain value or an ExpressionError. Gives what happened. */
export function runGuarded(source: string, data: JsonObject): "refused" | "value" | "error" {
  let reads = 0;
  const scope = scopeOf(data);
  const counting = {
    ...scope,
    resolve: (name: string) => {
      const reference = scope.resolve(name, []);
      return reference === null
        ? null
        : {
            ...reference,
            read: (env: JsonObject) => {
              reads++;
              return reference.read(env);
            },
          };
    },
  };
  const compiled = compileExpression(source, counting);
  if (!compiled.ok) {
    for (const problem of compiled.problems)
      assert.ok(problem.start >= 0 && problem.start <= problem.end && problem.end <= source.length, source);
    return "refused";
  }
  try {
    assertPlain(compiled.template.evaluate(contextOf(data, { fuel: FUEL, maxOutputBytes: OUTPUT })));
    return "value";
  } catch (error) {
    assert.ok(error instanceof ExpressionError, `${source}: ${String(error)}`);
    return "error";
  } finally {
    assert.ok(reads <= FUEL, `${reads} reads`);
  }
}
