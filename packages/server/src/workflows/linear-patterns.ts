import type { PatternEngine } from "@millrace/contract";
import { late } from "#late";

const re2js = late<typeof import("re2js")>("re2js");

/** Users' patterns run on a linear-time engine: no input makes them slow. Throws where a pattern is not one that it can run. */
export const linearPatterns: PatternEngine = (source) => {
  const pattern = re2js().RE2JS.compile(source);
  return { test: (text) => pattern.matcher(text).find() };
};
