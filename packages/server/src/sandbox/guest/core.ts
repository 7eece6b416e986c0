import { MAX_LOG_BYTES, MAX_LOG_WRITTEN, MAX_MESSAGE_CHARS, MAX_RESULT_BYTES } from "#sandbox/limits";

/**
 * The guest's own library: JavaScript that the WASM engine runs before any program, never the host. It is an expression whose value is
 * `{load, invoke, collect, describe, logs}`. It keeps its own references to everything that it calls, because a program may replace any
 * global; what a program does to its own run is its own affair, nothing of it is there in the next one.
 *
 * The answers are texts: one letter of the status, console lines as JSON strings with commas, a line feed, then JSON.
 */
export const CORE_SOURCE = String.raw`(function (seedBytes) {
"use strict";
const seed = new Uint32Array(seedBytes);
const { parse, stringify } = JSON;
const { apply, defineProperty } = Reflect;
const { imul } = Math;
const { slice } = String.prototype;
const { toString: symbolText } = Symbol.prototype;
const ErrorBase = Error, Refusal = TypeError, Flood = RangeError;
const STACK_CHARS = 10000;

const cut = (text, length) => (text.length > length ? apply(slice, text, [0, length]) : text);

let program;
let outcome = 0;
let settled;

let logs = "";
let room = ${MAX_LOG_BYTES};
let written = 0;
let flooded = false;

function addLine(line) {
  logs += (logs === "" ? "" : ",") + stringify(line);
}

function write(level, values) {
  let line = level;
  for (let i = 0; i < values.length; i++) line += " " + show(values[i]);
  written += line.length;
  if (written > ${MAX_LOG_WRITTEN}) flooded = true;
  if (flooded) throw new Flood("too much console output");
  if (room < 0) return;
  room -= line.length;
  if (room >= 0) return addLine(line);
  addLine(cut(line, line.length + room));
  addLine("warn the console output was cut here: at most 64 KiB of a call are kept");
}

function show(value) {
  switch (typeof value) {
    case "string": return cut(value, ${MAX_LOG_BYTES});
    case "bigint": return value + "n";
    case "symbol": return apply(symbolText, value, []);
    case "function": return "[function]";
    case "object": return value === null ? "null" : cut(showObject(value), ${MAX_LOG_BYTES});
    default: return "" + value;
  }
}

function showObject(value) {
  try {
    if (value instanceof ErrorBase) return value.name + ": " + value.message;
    const text = stringify(value);
    return typeof text === "string" ? text : "[object]";
  } catch {
    return "[object]";
  }
}

const refusals = {
  __proto__: null,
  bigint: "a BigInt",
  function: "a function",
  symbol: "a symbol",
};

function plain(key, value) {
  const type = typeof value;
  if (type === "number") {
    if (value - value !== 0) refuse(key, "" + value);
  } else if (type !== "object" && type !== "string" && type !== "boolean" && type !== "undefined") refuse(key, refusals[type]);
  return value;
}

function refuse(key, what) {
  throw new Refusal("the result must be JSON, but " + (key === "" ? "it" : "its member " + stringify(cut(key, 100))) + " is " + what);
}

function finish(value) {
  const json = value === undefined ? "null" : stringify(value, plain);
  if (flooded) return "F" + logs + "\n";
  if (json === undefined) refuse("", "undefined");
  return json.length > ${MAX_RESULT_BYTES} ? "L" + logs + "\n" : "R" + logs + "\n" + json;
}

async function settle(promise) {
  try {
    settled = await promise;
    outcome = 1;
  } catch (error) {
    settled = error;
    outcome = 2;
  }
}

function isThenable(value) {
  return value !== null && (typeof value === "object" || typeof value === "function") && typeof value.then === "function";
}

function invoke(text) {
  const value = program(parse(text));
  if (!isThenable(value)) return finish(value);
  settle(value);
  return "P";
}

function collect() {
  if (outcome === 0) return "P";
  if (outcome === 2) throw settled;
  return finish(settled);
}

const quote = (text, length) => stringify(typeof text === "string" ? cut(text, length) : "");

function describe(error) {
  if (flooded) return "F" + logs + "\n";
  if (error === null || typeof error !== "object") return failure("E", "", "thrown: " + show(error), "");
  const { name, message, stack } = error;
  const status = name === "InternalError" ? { __proto__: null, "out of memory": "M", "stack overflow": "K" }[message] ?? "E" : "E";
  const text = typeof message === "string" ? message : "thrown: " + show(error);
  return failure(status, name, text, stack);
}

function failure(status, name, text, stack) {
  return status + logs + "\n[" + quote(name, 100) + "," + quote(text, ${MAX_MESSAGE_CHARS}) + "," + quote(stack, STACK_CHARS) + "]";
}

const hidden = (target, name, value) => defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });

hidden(globalThis, "console", {
  debug(...values) { write("debug", values); },
  error(...values) { write("error", values); },
  info(...values) { write("info", values); },
  log(...values) { write("log", values); },
  trace(...values) { write("debug", values); },
  warn(...values) { write("warn", values); },
});

// The engine seeds its own generator once, before the snapshot: every run would see the same numbers. The host writes a new seed for each
// call. xoshiro128**, not for secrets.
hidden(Math, "random", { random() {
  const next = () => {
    const product = imul(seed[1], 5);
    const result = imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = seed[1] << 9;
    seed[2] ^= seed[0];
    seed[3] ^= seed[1];
    seed[1] ^= seed[2];
    seed[0] ^= seed[3];
    seed[2] ^= shifted;
    seed[3] = (seed[3] << 11) | (seed[3] >>> 21);
    return result;
  };
  return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
} }.random);

// There is one thread and nothing to share with.
delete globalThis.SharedArrayBuffer;

return { load(entered) { program = entered; }, invoke, collect, describe, logs: () => logs };
})`;
