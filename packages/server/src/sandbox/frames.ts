import { MAX_FRAMES } from "#sandbox/limits";
import { LINES_BEFORE } from "#sandbox/program/wrap";

/** `    at name (code.js:12:3)`, or `    at code.js:12:3` for code that does not compile. */
const FRAME = /^ *at (?:(.{1,200}) \()?code\.js:(\d{1,9})(?::(\d{1,9}))?\)?$/;

/** The frames of an engine's stack that lie in the author's source, with the author's line numbers; `at name (line:column)`. */
export function readFrames(stack: string): string[] {
  const frames: string[] = [];
  for (const text of stack.split("\n")) {
    const [match, name = "<top>", line, column = "1"] = FRAME.exec(text) ?? [];
    const own = Number(line) - LINES_BEFORE;
    if (match !== undefined && own > 0) frames.push(`at ${name.toWellFormed()} (${own}:${column})`);
    if (frames.length === MAX_FRAMES) break;
  }
  return frames;
}
