import Type from "typebox";
import { defineSpec } from "#kit/spec";

export const spec = defineSpec({
  type: "comment",
  config: Type.Object({ text: Type.String({ description: "The note; braces in it mean nothing." }) }, { additionalProperties: false }),
  members: { text: "literal" },
  role: "note",
  ports: () => [],
  result: () => ({ fields: {}, open: false }),
});
