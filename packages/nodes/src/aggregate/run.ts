import type { Json } from "@millrace/contract";
import { spec } from "#aggregate/spec";
import { definePure } from "#kit/executor";

/** Group name -> candidates in order. */
type Groups = Readonly<Record<string, readonly Json[]>>;

export const executor = definePure<{ readonly groups: Groups }>(spec, ({ groups }) => ({
  verb: "continue",
  output: Object.fromEntries(Object.entries(groups).map(([name, candidates]) => [name, firstNonNull(candidates)])),
}));

function firstNonNull(candidates: readonly Json[]): Json {
  return candidates.find((candidate) => candidate !== null) ?? null;
}
