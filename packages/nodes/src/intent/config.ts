import type { Json } from "@millrace/contract";
import Type from "typebox";
import { BACKUP, MODEL, modelName } from "#kit/model-name";
import { MAX_PORT_CHARACTERS, PORT_PATTERN } from "#kit/port";
import { templateText } from "#kit/schema";

/** More than a model tells apart. */
const MAX_INTENTS = 100;

const intent = Type.Object(
  {
    port: Type.String({
      pattern: PORT_PATTERN,
      maxLength: MAX_PORT_CHARACTERS,
      description: "The port that is taken when the model chooses this intent.",
    }),
    text: templateText("The intent in words, as the model reads it."),
  },
  { additionalProperties: false },
);

export const configSchema = Type.Object(
  {
    model: Type.Optional(modelName(MODEL)),
    backup: Type.Optional(modelName(BACKUP)),
    query: templateText("The text whose intent is looked for."),
    intents: Type.Array(intent, {
      minItems: 1,
      maxItems: MAX_INTENTS,
      description: "What the text may want, each with the port that is taken then. One alone is taken without asking.",
    }),
    fallback: Type.Optional(
      Type.String({
        pattern: PORT_PATTERN,
        maxLength: MAX_PORT_CHARACTERS,
        description:
          "Port of the intent that is taken where the query is empty, or the model chooses none. Absent: the first one whose text is other, else, default, none, 其他 or その他.",
      }),
    ),
  },
  { additionalProperties: false },
);

export interface Intent {
  readonly port: string;
  readonly text: Json;
}

export interface Config {
  readonly model?: string;
  readonly backup?: string;
  readonly query: Json;
  readonly intents: readonly Intent[];
  readonly fallback?: string;
}
