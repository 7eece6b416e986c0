import type { PreparedCode } from "#sandbox/program/prepare";

/**
 * Lines that stand before the source: an error's line in the engine is one more than the author's.
 * The source starts on a line of its own, so that the columns of its first line are right as well.
 */
export const LINES_BEFORE = 1;

/**
 * The text that a sandbox process compiles: an expression whose value is a function of the inputs.
 * A source with `main` runs anew for every call, up to its end, and then `main` is called: nothing of it outlives a call.
 */
export function wrap(code: PreparedCode, names: readonly string[]): string {
  const { before, after } = frame(code, names);
  return `${before}${code.isStrict ? '"use strict";' : ""}\n${code.source}\n${after}`;
}

interface Frame {
  readonly before: string;
  readonly after: string;
}

function frame({ entry, isAsync }: PreparedCode, names: readonly string[]): Frame {
  const word = isAsync ? "async " : "";
  if (entry.form === "main") return { before: `(${enterMain(isAsync)})(${word}function(){`, after: `;return ${entry.name}\n})` };
  if (entry.form === "exports") return { before: `(${enterExports(isAsync)})(${word}function(module,exports){`, after: "})" };
  const variables = names.length === 0 ? "" : `,{${names.join(",")}}=inputs`;
  return { before: `(function(inputs){var params=inputs${variables};return(${word}function(){`, after: "})()})" };
}

const REFUSE = 'if(typeof main!=="function")throw new TypeError("main is not a function");';

function enterMain(isAsync: boolean): string {
  if (isAsync) return `enter=>async inputs=>{const main=await enter();${REFUSE}return main(inputs)}`;
  return `enter=>inputs=>{const main=enter();${REFUSE}return main(inputs)}`;
}

function enterExports(isAsync: boolean): string {
  const [word, wait] = isAsync ? ["async ", "await "] : ["", ""];
  const pick = 'const all=module.exports,main=typeof all==="function"?all:all.main??all.default;';
  return `enter=>${word}inputs=>{const module={exports:{}};${wait}enter(module,module.exports);${pick}${REFUSE}return main(inputs)}`;
}
