import Type from "typebox";
import { anyValue } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  { output: Type.Optional(anyValue("The item's result, where the loop or batch has no `collect`.")) },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "next",
  config,
  role: "leave",
  ports: () => [],
  result: () => ({ fields: {}, open: false }),
});
