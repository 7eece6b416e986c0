import type { JsonObject } from "@millrace/contract";
import { definePure } from "#kit/executor";
import { spec } from "#start/spec";

/** In a body, a start declares nothing and gives nothing: the run's parameters belong to the workflow's own start. */
export const executor = definePure<{ readonly input?: JsonObject }>(spec, ({ input }, { startValues }) => ({
  verb: "continue",
  output: input ? startValues : {},
}));
