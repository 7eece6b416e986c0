import { arrayOf, STRING } from "@millrace/engine";
import Type from "typebox";
import { orExpression } from "#kit/schema";
import { defineSpec } from "#kit/spec";

/** Files of one node, and bytes of one file. */
export const MAX_FILES = 20;
export const MAX_BYTES = 52_428_800;

const config = Type.Object(
  {
    file: orExpression(Type.Unknown({ description: "A file, a URL, or a list of them; null and an empty list give an empty text." })),
    form: Type.Optional(
      Type.Enum(["markdown", "text"], {
        default: "markdown",
        description: "markdown: headings, lists and tables are marked; text: bare words, cells between tabs.",
      }),
    ),
    mode: Type.Optional(
      Type.Enum(["default", "highlevel"], {
        default: "default",
        description: "highlevel: by a parser that reads pictures; without one it is the same as default, and the log says so.",
      }),
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "file-parse",
  // A file that is known by its URL is fetched.
  effect: "outside",
  config,
  members: { form: "literal", mode: "literal" },
  result: () => ({
    fields: { text: STRING, texts: arrayOf(STRING), pages: arrayOf(STRING), tables: arrayOf({ kind: "object" }) },
    open: false,
  }),
});
