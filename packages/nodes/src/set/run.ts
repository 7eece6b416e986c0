import type { JsonObject } from "@millrace/contract";
import { definePure } from "#kit/executor";
import { spec } from "#set/spec";

export const executor = definePure<{ readonly assign: JsonObject }>(spec, ({ assign }) => ({ verb: "continue", output: {}, assign }));
