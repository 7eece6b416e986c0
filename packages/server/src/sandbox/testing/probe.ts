import type { SandboxCall } from "@millrace/nodes";

/**
 * Looks at what a run before may have left: global names, prototypes and their members, frozen objects, symbols, and whether the basic
 * functions still do what they should. Its result is the same in every clean guest.
 */
const CODE = `
const names = (value) => Reflect.ownKeys(value).map(String).join();
const builtIns = Object.getOwnPropertyNames(globalThis).filter((name) => !["inputs", "params"].includes(name));
const describe = (name) => {
  const value = globalThis[name];
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return name + "=" + String(value);
  return name + ":" + names(value) + "|" + (value.prototype ? names(value.prototype) : "") + "|" + Object.isFrozen(value);
};
const array = [];
return {
  globals: names(globalThis),
  builtIns: builtIns.map(describe).join("\\n"),
  frozen: [globalThis, Object.prototype, Array.prototype, Function.prototype].map((value) => Object.isFrozen(value)),
  leftovers: [typeof leftover, typeof brokeOut, typeof Object.prototype.polluted, typeof Object.prototype.then],
  works: [array.push(1), array.length, JSON.stringify({ a: [1] }), [3, 1, 2].sort().join(), parseInt("12"), "abc".slice(1)],
  registered: globalThis[Symbol.for("millrace.leak")] === undefined,
  library: [typeof console.log, structuredClone({ a: 1 }).a, atob(btoa("x")), new TextDecoder().decode(new TextEncoder().encode("é"))],
};
`;

export const PROBE: SandboxCall = { language: "javascript", code: CODE, inputs: {} };
