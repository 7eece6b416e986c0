import assert from "node:assert/strict";
import { test } from "node:test";
import type { Expectation, JsonObject } from "@millrace/contract";
import { judge } from "#cases/judge";
import type { Observed } from "#cases/observed";
import { updated } from "#cases/updated";

function observed(output: JsonObject | null, more: Partial<Observed> = {}): Observed {
  const done = { path: ["start", "fetch", "end"], tokens: 7, credits: "0.5", runMs: 1, error: null } as const;
  const nodes = new Map([["fetch", { status: "SUCCEED", output: { body: 1 }, attempts: 2 } as const]]);
  return { status: "SUCCEED", output, ...done, nodes, ...more };
}

const FAILED = observed(null, { status: "FAILED", error: { type: "http_503", message: "Away.", node: "fetch" } });

/** What was expected, what the run did, and what is expected from then on. */
const TABLE: readonly (readonly [before: Expectation, run: Observed, after: Expectation])[] = [
  [{}, observed({ a: 1 }), { status: "SUCCEED", output: { a: 1 } }],
  [{}, FAILED, { status: "FAILED", error: { type: "http_503", node: "fetch" } }],
  [{ output: { a: { match: "x" } } }, observed({ a: "xy" }), { output: { a: { match: "x" } } }],
  [{ output: { a: { match: "x" }, b: 1 } }, observed({ a: "y", b: 1 }), { output: { a: "y", b: 1 } }],
  [{ output: { a: 1, gone: 2 } }, observed({ a: 1, new: 3 }), { output: { a: 1, new: 3 } }],
  [{ output: { a: 1 } }, observed({ a: { type: "string" } }), { output: { a: { equals: { type: "string" } } } }],
  [
    { output: { contains: { a: { b: 1 }, c: 2, gone: 1 } } },
    observed({ a: { b: 3, x: 1 }, c: 2, y: 1 }),
    { output: { contains: { a: { b: 3 }, c: 2 } } },
  ],
  [
    { output: { list: [{ a: { type: "integer" } }, 2] } },
    observed({ list: [{ a: 1 }, 3] }),
    { output: { list: [{ a: { type: "integer" } }, 3] } },
  ],
  [{ status: "SUCCEED", output: { a: 1 } }, FAILED, { status: "FAILED", error: { type: "http_503", node: "fetch" } }],
  [{ error: { type: "http_500" } }, FAILED, { error: { type: "http_503" } }],
  [{ error: { type: "http_500" } }, observed({ a: 1 }), { status: "SUCCEED", output: { a: 1 } }],
  [{ path: ["start", "end"], maxTokens: 3, maxCredits: 1 }, observed({}), { path: ["start", "fetch", "end"], maxTokens: 7, maxCredits: 1 }],
  [{ path: { contains: ["fetch", "gone"] } }, observed({}), { path: { contains: ["fetch"] } }],
  [{ nodes: { fetch: { attempts: 1 }, gone: { attempts: 1 } } }, observed({}), { nodes: { fetch: { attempts: 2 } } }],
];

test("an updated expectation holds, and what held before is as it was", () => {
  for (const [before, run, after] of TABLE) {
    assert.deepEqual(updated(before, run), after);
    assert.deepEqual(judge(after, run), [], JSON.stringify(after));
    assert.deepEqual(updated(after, run), after, "once is enough");
  }
});
