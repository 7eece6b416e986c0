import assert from "node:assert/strict";

/** Fails unless the value is JSON and nothing else: own data members, plain prototypes, finite numbers, no functions. */
export function assertPlain(value: unknown): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number") {
    assert.ok(Number.isFinite(value) && !Object.is(value, -0));
    return;
  }
  assert.equal(typeof value, "object");
  assert.ok(typeof value === "object");
  assert.equal(Object.getPrototypeOf(value), Array.isArray(value) ? Array.prototype : Object.prototype);
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (Array.isArray(value) && key === "length") continue;
    assert.ok("value" in descriptor && descriptor.enumerable === true, key);
    assertPlain(descriptor.value);
  }
  assert.equal(Object.getOwnPropertySymbols(value).length, 0);
}
