import type { Json } from "@millrace/contract";
import { textOf } from "@millrace/engine";
import { definePure } from "#kit/executor";
import { spec } from "#template/spec";

export const executor = definePure<{ readonly text: Json }>(spec, ({ text }) => ({ verb: "continue", output: { text: textOf(text) } }));
