import { LIMITS } from "@millrace/contract";
import { ANY, dynamic, INTEGER } from "@millrace/engine";
import Type from "typebox";
import { defineSpec } from "#kit/spec";

const config = Type.Object(
  {
    signal: dynamic(
      Type.String({ minLength: 1, maxLength: LIMITS.signalNameCharacters.value, description: "Name of the signal to wait for." }),
    ),
  },
  { additionalProperties: false },
);

export const spec = defineSpec({
  type: "signal",
  config,
  result: () => ({ fields: { value: ANY, receivedAt: INTEGER }, open: false }),
});
