import type { Json } from "@millrace/contract";
import { textOf } from "@millrace/engine";
import { definePure } from "#kit/executor";
import { spec } from "#split/spec";
import { splitText } from "#split/split-text";

interface Config {
  readonly text: Json;
  readonly delimiters: readonly string[];
}

export const executor = definePure<Config>(spec, ({ text, delimiters }) => ({
  verb: "continue",
  output: { items: text === null ? [] : splitText(textOf(text), delimiters) },
}));
