import type { JsonObject } from "@millrace/contract";
import { type NodeSpec, STRING } from "@millrace/engine";
import Type from "typebox";
import { exactlyOne } from "#kit/exactly-one";
import { templateText } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    text: Type.Optional(templateText("The text to write; expressions in it are replaced by the text of their values.")),
    jinja: Type.Optional(Type.String({ description: "A Jinja template instead, which reads the node's inputs by their names." })),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "template",
  // What Jinja makes of its inputs may take long, though nobody outside can tell.
  effectOf: ({ jinja }) => (jinja === undefined ? "none" : "contained"),
  config,
  members: { jinja: "literal" },
  result: () => ({ fields: { text: STRING }, open: false }),
  check: (config: JsonObject) => exactlyOne(config, ["text", "jinja"], ""),
});

/** Of a node with `jinja`. */
export const jinjaSpec: NodeSpec = { ...spec, effect: "contained" };
