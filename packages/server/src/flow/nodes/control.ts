import type { Translated, Translator } from "#flow/nodes/translated";
import type { ValueReader } from "#flow/values";

export const translateNextLoop: Translator = (values) => translateControl(values, "next");
export const translateContinue: Translator = (values) => translateControl(values, "continue");
export const translateBreak: Translator = (values) => translateControl(values, "break");

/** Where a node that ends an iteration cannot stand is for publishing to refuse: the native node is as wrong there. */
function translateControl({ node, translation }: ValueReader, type: string): Translated {
  const container = node.graph.container;
  if (!container) {
    translation.report(node, "MR_CONTROL_OUTSIDE", node.at, `A ${node.type} node stands only in the body of a LOOP or BATCH.`);
  } else if (node.type === "BREAK" && container.type === "BATCH") {
    translation.report(node, "MR_CONTROL_OUTSIDE", node.at, "A BATCH cannot be broken off: its items run side by side.");
  }
  return { type, withInputs: false };
}
