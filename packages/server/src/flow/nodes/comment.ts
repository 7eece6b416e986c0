import type { Translated } from "#flow/nodes/translated";
import type { ValueReader } from "#flow/values";

export function translateComment({ node }: ValueReader): Translated {
  const content = node.param["content"] ?? node.raw["desc"];
  return { type: "comment", withInputs: false, config: { text: typeof content === "string" ? content : "" } };
}

/** A node that can never run keeps its place as a comment; export writes it back from `flow`. */
export function translateDead({ node }: ValueReader): Translated {
  return {
    type: "comment",
    withInputs: false,
    config: { text: `This ${node.type} node never runs: no edge that leads to it is ever taken.` },
  };
}
