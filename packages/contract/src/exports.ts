import Type, { type Static } from "typebox";
import { closed } from "#schema-parts";

/** millrace: the document as JSON. flow: a GPTBots file. */
export const EXPORT_FORMATS = ["millrace", "flow"] as const;
export const ExportQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Enum(EXPORT_FORMATS, { default: "millrace", description: "millrace: the document as JSON; flow: a GPTBots file." }),
    ),
    version: Type.Optional(Type.String({ minLength: 1, description: "`live`, or the name of a version; absent: the draft." })),
  },
  closed,
);
export const ExportAnswer = Type.Object(
  {
    fileName: Type.String(),
    content: Type.String({ description: "What the file holds, byte by byte." }),
    warnings: Type.Array(
      Type.Object(
        {
          path: Type.String({ description: "JSON pointer in the document." }),
          message: Type.String(),
          nodeId: Type.Optional(Type.String()),
        },
        closed,
      ),
      { description: "What the file holds and GPTBots ignores." },
    ),
  },
  closed,
);
export type ExportAnswer = Static<typeof ExportAnswer>;
