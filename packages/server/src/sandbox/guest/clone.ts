/** structuredClone for what JavaScript without a host has: guest JavaScript, run once before the snapshot. Transfers are not available. */
export const CLONE_SOURCE = `(function () {
"use strict";
const tag = (value) => Object.prototype.toString.call(value).slice(8, -1);

function refuse(what) {
  throw new TypeError("structuredClone: " + what + " cannot be cloned");
}

function cloneMembers(source, target, seen) {
  for (const key of Object.keys(source)) {
    const value = clone(source[key], seen);
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return target;
}

function cloneError(source) {
  const kinds = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const Kind = Object.hasOwn(kinds, source.name) ? kinds[source.name] : Error;
  return new Kind(String(source.message));
}

function cloneView(source, seen) {
  const buffer = clone(source.buffer, seen);
  const length = source instanceof DataView ? source.byteLength : source.length;
  return new source.constructor(buffer, source.byteOffset, length);
}

function shell(source, seen) {
  if (ArrayBuffer.isView(source)) return cloneView(source, seen);
  switch (tag(source)) {
    case "Array": return new Array(source.length);
    case "Date": return new Date(source.getTime());
    case "RegExp": return new RegExp(source.source, source.flags);
    case "Map": return new Map();
    case "Set": return new Set();
    case "ArrayBuffer": return source.slice(0);
    case "Error": return cloneError(source);
    case "Boolean": case "Number": case "String": case "BigInt": return Object(source.valueOf());
    case "Promise": case "WeakMap": case "WeakSet": case "WeakRef": return refuse("a " + tag(source));
    default: return {};
  }
}

function fill(source, target, seen) {
  if (target instanceof Map) for (const [key, value] of source) target.set(clone(key, seen), clone(value, seen));
  else if (target instanceof Set) for (const value of source) target.add(clone(value, seen));
  else if (Array.isArray(target) || Object.getPrototypeOf(target) === Object.prototype) cloneMembers(source, target, seen);
  return target;
}

function clone(value, seen) {
  if (typeof value === "function" || typeof value === "symbol") refuse("a " + typeof value);
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const target = shell(value, seen);
  seen.set(value, target);
  return fill(value, target, seen);
}

Object.defineProperty(globalThis, "structuredClone", {
  value: { structuredClone(value) { return clone(value, new Map()); } }.structuredClone,
  writable: true, enumerable: false, configurable: true,
});
})()`;
