import { diffWorkflows } from "#diff/diff-workflows";
import type { JsonObject } from "#json";

export const template = (id: string, text: string) => ({ id, type: "template", text });

export const loop = (text: string) => ({ id: "each", type: "loop", body: { nodes: [template("in", text)], edges: [] } });

const BEFORE: JsonObject = {
  name: "news",
  nodes: [template("a", "1"), template("b", "2"), loop("3")],
  edges: ["a -> b"],
  layout: { a: [0, 0] },
};

/** What differs where these members of a small workflow are others. */
export const changed = (change: JsonObject) => diffWorkflows(BEFORE, { ...BEFORE, ...change });
