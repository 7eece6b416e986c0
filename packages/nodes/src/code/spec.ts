import { type JsonObject, say } from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";
import Type from "typebox";
import { IDENTIFIER_PATTERN } from "#kit/schema";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    language: Type.Optional(
      Type.Enum(["javascript", "typescript", "python"], {
        default: "javascript",
        description: "The language of the source. Python is not available yet.",
      }),
    ),
    code: Type.String({
      pattern: "\\S",
      description: "The source: declares `main`, or is the body of an async function that sees `inputs`. Never templated.",
    }),
    wrap: Type.Optional(
      Type.String({ pattern: IDENTIFIER_PATTERN, description: "The result field that takes a returned value which is not an object." }),
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "code",
  // The sandbox has no way out.
  effect: "contained",
  config,
  members: { language: "literal", code: "literal", wrap: "literal" },
  check: checkLanguage,
});

function checkLanguage({ language }: JsonObject): readonly SaidProblem[] {
  if (language !== "python") return [];
  const message = say`this server has no Python runtime; write the code in javascript or typescript`;
  return [{ code: "MR_CODE_LANGUAGE", level: "error", path: "/language", message }];
}
