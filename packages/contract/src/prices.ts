import Type, { type Static } from "typebox";
import { LIMITS } from "#limits";
import { at, closed } from "#schema-parts";

// What models cost, as the management API speaks of it.

/** Text, so that no number on the way rounds it. */
const Amount = Type.String({
  pattern: "^[0-9]{1,9}(\\.[0-9]{1,12})?$",
  description: "Credits for a million tokens, a decimal number as text; 100 credits are US$1.",
});

export const Price = Type.Object(
  {
    input: Amount,
    output: Amount,
    cached: Type.Optional({ ...Amount, description: "Input that the provider had in its cache; absent: as input." }),
    reasoning: Type.Optional({ ...Amount, description: "Output that the model thought; absent: as output." }),
    inputAudio: Type.Optional({ ...Amount, description: "Input of speech recognition; absent: as input." }),
    outputAudio: Type.Optional({ ...Amount, description: "Output of speech; absent: as output." }),
  },
  closed,
);
export type Price = Static<typeof Price>;

const Tiers = Type.Array(Type.Object({ inputTokens: Type.Integer({ minimum: 1 }), price: Price }, closed), {
  description: "Beyond so many input tokens another price holds, for the whole request; ascending.",
});

export const PriceView = Type.Object(
  {
    models: Type.String({
      minLength: 1,
      maxLength: LIMITS.modelCharacters.value,
      description: "The name of a model, with `*` for any characters: `connection/model`, of shipped prices `model`.",
    }),
    price: Price,
    above: Type.Optional(Tiers),
    vendor: Type.Optional(Type.String({ description: "Of a shipped price: whose model it is." })),
    updatedAt: Type.Optional(at("Of a price of one's own: when it was last set")),
  },
  closed,
);
export type PriceView = Static<typeof PriceView>;
export const PriceList = Type.Object({ data: Type.Array(PriceView) }, closed);
export type PriceList = Static<typeof PriceList>;
export const PriceQuery = Type.Object(
  {
    vendor: Type.Optional(
      Type.String({ pattern: "^[a-z][a-z0-9-]{0,39}$", description: "The prices that ship for this vendor, instead of one's own." }),
    ),
  },
  closed,
);
export const PutPriceBody = Type.Object({ price: Price }, closed);
export type PutPriceBody = Static<typeof PutPriceBody>;
