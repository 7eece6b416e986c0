import type { Json, JsonObject } from "@millrace/contract";
import { textOf } from "@millrace/engine";
import { spec } from "#end/spec";
import { definePure } from "#kit/executor";

interface Config {
  readonly output?: JsonObject;
  readonly text?: Json;
}

export const executor = definePure<Config>(spec, ({ output, text = null }) => ({
  verb: "finish",
  output: output ?? { output: textOf(text) },
}));
